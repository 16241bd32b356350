import Foundation

/// Bytes that other programs wrote. The Python that made them:
///
///     data = bytes(((i * i) >> 6) & 0x1f ^ (i % 7) for i in range(6000))
///     def raw(d, level, strategy=0):
///         c = zlib.compressobj(level, zlib.DEFLATED, -15, 9, strategy)
///         return c.compress(d) + c.flush()
///     dynamicBlock = raw(data, 9)
///     fixedBlock = raw(b"abcabcabcabcabc the same again, the same again", 9, zlib.Z_FIXED)
///     storedBlock = raw(b"stored bytes", 0)
///     np.savez_compressed(b, x=(np.arange(48, dtype=np.float32) / 8).reshape(4, 4, 3),
///         y=np.array([0, 1, 2, 1], dtype=np.int64), flag=np.array([True, False]),
///         name=np.array(["a", "b"]))
///     np.savez(f, f=np.asfortranarray(np.arange(6, dtype=np.int32).reshape(2, 3)),
///         d=np.array(2.5), e=np.arange(3, dtype=">i2"))
enum Recorded {
  static let data: [UInt8] = (0..<6000).map { (index: Int) -> UInt8 in
    let curve: Int = (index * index) >> 6 & 0x1f
    return UInt8(curve ^ (index % 7))
  }
  static let dynamicBlock = decode(
    """
    VZjnmrMsu4bpCCogSJWy/3v53czMOtb7mKIkBvLnvAoIE8q4QIgSLhklQmKEhND6tvcFx/u+IeYYev9G71wS
    LrSyh3pCin21iZEkcKMN7vG9TyrJdZvniWMWzLlSMaYyu0D2Mi6OIphQd3JrIHEe0ZdB5KXSWyfB1+lz7eg+
    n1w6glGahJgUvyHvM9aFT53W5OflVuU6xCKNiYUS9ZYlVPQfPf1b8fWkLm1ea79J61IXR+r48G+jZxziyIsp
    95ErTqT8x+5UsA6d2acglSe53sW1F8oVdLginw/b5xNmn4qED5QX2i8WFzEVWc/hfv0UmmGmivRi9kN6cFPw
    PbBqzBfyNhmWdu1K6OdLAaOH6cL9uh5xVRHK7fH1ifTdmft5B2bHmYRuKuNQ7cNcPwaNyFbtcV53YY/I8y6n
    xy+yU3XqiRtm2Slf8XBdrnY0GuhLHCx+jLuqcU2ZWcIPCcThyPK+YlE47OnLE3qo5y/z5JEOBZH5d/fru9f9
    RelJEp4s3cw42cte/pl5LocyGVe35EHBtLt76XC7h0fBfhbW7fd04jUl0XyuUwY1buyvz/F4tEzrRfNVE6uG
    urs53ix3dgRWTjxv9KrvgRFfkQ7HyoX6Qff7yasV7cTdsupJfY+VFAua1EvOFw9/0HAQmG04AzOzuU8PH4/i
    zZ00nGi8Rq50kRI0H+nALVx8OkW+95bVwdrpZiMb8j3uoDUrOpPXYvpbjpYMmSkoVJ59Y3gvttpzUNHidYrq
    Hi37fJTiveXT0PU5fZH15WCp7MmZG9eWg7lw/TKMkOw1heMmaLT8KsMQzJaPUwhau/PGaCxrL697j0tyOlZ3
    4bmOmxI8Zw0uPtaoixKC+5rDvSFcylyHkFKwOketw7sYgcMIH5vDXPYQjGNEGMFYMID8F3v8fyfCmSQU2McU
    dIAB0VrDv9DpCU+GV/3qak1ukbjsfZvwuDDb6FRgdJzmjinkb3ZYQukr5LC+RSW1pwPuSmMc/kIKa8Da9nxj
    WQTd2sW2GDZA7FcYVZeLq5HjCnE2AqO3MARiUAE947cKHKF0eWvfpjxi2PfkydEV2kA2547VCzyf4W34BmXh
    6hlkY490+Kh+fRFXXshE0AE/mHGVnC/owdMoaAE+QhM2ftykSo+MTz+FjosHWPft7NqnBXDiM+MDfpobB2KV
    Q2caV27CVXEuYou4YcpCribPxUwR70TP4E+9/DpfogaxjcEo4LvJt5oXmw/FdkRqBnqnjvItNlEgz20RiDJ+
    GvBrZgGD97occ8NOEqjrdsI9gdzFThGR/46hK5CcpV2mmI4TSwhey/48VOWROGD9QUlm7Og/9JPAX/lQgBpv
    HQDubD3rfjn085DlKMencBCJjuu7hhcPKue8WSZJFdteHkWx30vSUW9Yuerukb/GgyPID3m3CDgFMhFM8ewz
    /DH9Ed/B/TG87ErGYz1kKlYt8Xaz/QCBonkxAXCLG3AIYN6oK/bdYr2oBz2cFelGn8Yw13Iw6c2Lp58/6QeU
    71OA5768YUFg/8ADdACYleXRtEeDqj8ZaAH6gHKYUqznQBt7UJ+L9Rc4/6LlX39P3t9oyUhewY+fU4yetcAl
    65v1HEBN+mtO2WBShQdMqfioT7wFmm86LJslxgNUqUYYcTQ/F/XByepPupQgtQdvFUP8q9ldB7A9Z/Mp3SeX
    /BsVINTGCk57WU/04T6sERzRBjKR0xP1eZ6aYczw7AuO/Hu4X/zVoRmhlAPrUjIMbv8P/ZRtSUBYCgJXHHxX
    HT+H/cU/JcC/loWQxARUwV4x+wQfNA73a3WcObyxliaZPA+9Tb8OjrG+vPO9gRToQ7+pLIoIaEdulZHj9rlX
    wZQJbjTMTpPCAO81EDYWh5FvWKrwrMqOy42Pw59pDVsbS8cmp4FO/XQkzdM/AloypU257yRQGLgtxIGNPmDP
    76fyK4HvmweY92DN78L/8X4OWkB17Ez7Kg/3gQ5QgJ7eGVx3EQ1BRO/ToFsJANX07SSgB7sygSxhQE78Qqrx
    u6FzUQvrwqSgNxPBrWFBOlBxKM9O+DOFwOilFgjtKtFjgHfrzA/Qmn4EnMbxYmAvbhEIHKz/RW85C3PsHCoL
    /6kuX+yb6kcWDzubriyLt97t+KgjHt3jmJAqXgEGjJ8f99fl/GhAkQH7AmIBuP0/9LMowcdxEhGuEgl4w74U
    OP2P+/PMm5l6Gvogh8tZzQdBQDZVTvjyPacqD8lsKrDbV69TBPkd7SVg/UEG2w1KWwTyCTb9QHYQ45CvmgEN
    jaJeL54Xyrpm9BnxKeb0TDDCHcwfOAf6AE0w5AuNk1QjKjj5I+dzfV7j18Js7Auspgslu5PAjACgRmOfIp6v
    AQItShevTrP2KNGzQv/xfgFaQMZrwfcPVAMsBtjL5g3IT1I/QaDWoOCTDLLwvhbCAySBD4IBo/M5Djpj3J6f
    rhuX6q9TfivYn3dYEdTnvQ/RZ8g3rL0CjCQp4NC3luDW72NOxL76utsSgvoXk9agBL1s07eKYjnbByH8OA+A
    s7WWsovnvkcKXvrXosvZXkpdADKlvdXRyo/7A30XkLel4SIIfF8iwUEHwO3/oZ+LLQkCkgYXAlMk1bndHzrA
    Dv/QAd6xRl+DwJcSpEHp7OP7zVoQFRyygnEP2HtbMP1tjm3665NMHOZNro6B8aUtGHPlROrrAWIx1/Z9Zsd/
    PYCK+3hTG/I6cvox+xfo4xZ8Hox4J3+i79wLO+48wcHdu/YvPsKPPCc/fChcP5DpIQmsnfiruBIQmPJvEVBQ
    ScgBrCsHQgGB/T/ev3sAvzL4vlt46wBwZ3+DP/6tAcju04d3Ewj8gmkgCRyFmsisn8ot8u7ML89OdvKHylEh
    AmwVAOmJFft+5s86vGPBRDBKXE32zNPxvx4gb+gazTzsWdrLzfYWgUT8NJDKl2rAoWlnRG+9Pp4gJlyfjigL
    M46PwM+mLWbgyB05P/2dHwP7hQ4Q4HLXAWgjm33I/qADwKz8h34BqZ9A9qBeQDZASTQ9LMT7qwPnFFII3XWg
    XzyTKJpaR31o4t02g5308MUKMFG/ZpDg+QZD6jbl4VHVyBOokXBbBOJdIJCokdC6UTpLJOUmfz2AbJrlD+I4
    H93BCII3RO4N/9jJH39gzoZ/F1oQ6AMv2cx4UK9YsaJG8oWTvGongZ6tXPDcJyd6Avaeg7yafuDGJUN7cCf5
    j/fvHsC271fI/h3w3tij4g5U8nPiBV4/oZGA1btDVp80WTsJzOosgVBgNS4hw0wgL5bt5H/zWZ57R/7XH4RB
    8LcaNagBFrIHaAf8ggGh3l5Y/PUA3L+Uzhu8d47w2huaQGvb9JXFWwpGiM4qTbBco7xPyuY+TgJfrbmTA2iJ
    sdYAcpi30iFyhxBewP/Vx30rdV9G7i8BdoIwZH2M/y0AWxIY1AmJgGjJT+j0J+B/gs9DCPEewv8cH4MDrNmc
    1rnsR++LgHCAUFw+u6eNQRBkfrtNf0zQG3PsWgBSQNV9P75/iPND51A7/ev99K8HcARa85YPm9u9O/KD8ixO
    YbA3A3byR9feBRD6fDo0eO8hFthUGQXT7tK8O+yHUHYSGMjAzJDwJ9vYYxXBlkP40P3ukNDhRrDq//f+3QMk
    +Dg2aTCQF3I+6AgVwseE6C3A3uW9T1OEio4HSsncScA2KA1QEoDmip4mr4khZf8gTnfR78T+mn8XbkIG0ZlC
    LFeQHSC5y7/ej/56AILZcoHWH+rlCJjts0VgW/+VoYTYDvZ8lTuQZ5pKHX+WgRZBPL7Wbg40dDWvIrJMTM1t
    +QSqNnAYq+m7DkAz2dnfM48fAVkf/UM/9iRCkg/A/gO4vwyI1tvyW8IBZ3jtOtC0hCjAuh33hFvp1OOiCbvj
    MyNuzzc9YqcalHu6fq3/c8Bd0SxuEQh2wNpQEnix5K/3s78ewILqji9NykWjaV79mv/3yAoE7uQvx94FkEOT
    ZmSJdN+TDXcXbTdaWfZHMeAZkkB7blAWXvfJs+YA/KCZP7YwoBlhCMb9H+/fPQAQBnmJJ5/g+Bt7kJ7dASAN
    DOgAfeSbregN/vIWip0EgFiF0JduyArJKfEtDy17J/+D7F2AHfkThA8IIY/amwGvVzdZ7YURxX+9H//1ALpb
    vNFQr8tKAchDbI1t+qcWgrS5gMHbXoihsaYPwV3WwD2UjLJmis6fx63VT7xfa5YJrQKsF17291CKc4Bz7wEI
    CVmf/lv/6ZYE+hPvQQeAO6tOtV/u98gFjq9iKgS9r/O6fXpc+eZgkgh1WP3uzL8+RsSh7m36rRNErntvBdZK
    2GnP7Gonkhro5N/kf72f//UAueO9n5UpC2Kz2X6AQKF92psBO/kLs3cB0KXebwj7uk717ZYQt/va3vXb1R6q
    NiSBj5zhA8r3liBgTy9fyB2fzT6YM+gAMCv/4/27B6ATKL/2HsBTkElkd/8LIIfnCZfnPvW963cnonLZSeDu
    Uid85AZdQQZQk87MJ3fyr3jvAlR+VxwHwM9Sse88Ij9AlaCkFxvRX+8nfz2A7F28pV4UP5XRVYBtwM+L9LsJ
    cFeo53ratEvCwpGEcSyTuKO6XkUmHNv5nY09+MUAOxR+mX8ebl5z14GjMYgDO/XLzCDrk3/opy/bvv9A9ocr
    Dr6rduEvu4U/sHISuw4Ui5yEkq6b7VF6UY+lOdyv6/FlkBNYJLN8Fr33AhRE7+d3E6BZmrcIpANiggftgObA
    /nq/+OsBGFpEogO81/BwAYgzkQbwB7zU3gKECFD2LgBelpcLzyyGO9sDvcHgfu5dv5mtyNdOAuUFt4Xuv08v
    KRGMOF4CfH8+wLw/MGR9/B/v3z2ANqj7bVd7d4qNPesb/QA+v7f+2vJajL3r12OAkrKTQANhkASyhIHy4C2q
    Ld4a7eS/zT6aHfldOiVdkA72ZoB/z+N/
    """)
  static let fixedBlock = decode("S0xKTkRCCiUZqQrFibmpConpiZl5Omh8AA==")
  static let storedBlock = decode("AQwA8/9zdG9yZWQgYnl0ZXM=")
  static let compressedArrays = decode(
    """
    UEsDBC0AAAAIAAAAIQCiTtkL//////////8FABQAeC5ucHkBABAAQAEAAAAAAAC1AAAAAAAAAJ3IIQ8BcRzG
    8Z9mkij+25/tgo1gZlwyhSk2kru5M8GwOzOb2S4IgmAjCIIgCMIFQRDuJXgJXoKX4GvegWfPJzzPrtGqNzsx
    mclCO67f83RR6VI/rw2l+2Nv6tmj7thz3O9ftYe+y+8P7InLTucNRXMZQy3Vf0nIL2WRABGkIqJgwkKALU4I
    EeGJF94QUySOJFJQSCOLAkzU0EQbFgaYYI4AK6yxwRZ7HHDECWdccEWIG+54mB9QSwMELQAAAAgAAAAhAL7E
    /5P//////////wUAFAB5Lm5weQEAEACgAAAAAAAAAEwAAAAAAAAAm+wX6hsQychQxlCtnpJanFykbqWgbpNp
    oa6joJ6WX1RSlJgXn1+UkgoSd0vMKU4FihdnJBakAvkaJjqaOgq1ChQALgYoYITSTGh8AFBLAwQtAAAACAAA
    ACEA7hm7Xf//////////CAAUAGZsYWcubnB5AQAQAIIAAAAAAAAARgAAAAAAAACb7BfqGxDJyFDGUK2eklqc
    XKRupaBek2SorqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuRgYAUEsDBC0AAAAI
    AAAAIQCnL+Ds//////////8IABQAbmFtZS5ucHkBABAAiAAAAAAAAABLAAAAAAAAAJvsF+obEMnIUMZQrZ6S
    WpxcpG6loG4Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6mjoKtQoUAK5EBgaGJCAGAFBL
    AQItAy0AAAAIAAAAIQCiTtkLtQAAAEABAAAFAAAAAAAAAAAAAACAAQAAAAB4Lm5weVBLAQItAy0AAAAIAAAA
    IQC+xP+TTAAAAKAAAAAFAAAAAAAAAAAAAACAAewAAAB5Lm5weVBLAQItAy0AAAAIAAAAIQDuGbtdRgAAAIIA
    AAAIAAAAAAAAAAAAAACAAW8BAABmbGFnLm5weVBLAQItAy0AAAAIAAAAIQCnL+DsSwAAAIgAAAAIAAAAAAAA
    AAAAAACAAe8BAABuYW1lLm5weVBLBQYAAAAABAAEANIAAAB0AgAAAAA=
    """)
  static let oddArrays = decode(
    """
    UEsDBC0AAAAAAAAAIQDKZHTi//////////8FABQAZi5ucHkBABAAmAAAAAAAAACYAAAAAAAAAJNOVU1QWQEA
    dgB7J2Rlc2NyJzogJzxpNCcsICdmb3J0cmFuX29yZGVyJzogVHJ1ZSwgJ3NoYXBlJzogKDIsIDMpLCB9ICAg
    ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAKAAAAAAMA
    AAABAAAABAAAAAIAAAAFAAAAUEsDBC0AAAAAAAAAIQA1tDqT//////////8FABQAZC5ucHkBABAAiAAAAAAA
    AACIAAAAAAAAAJNOVU1QWQEAdgB7J2Rlc2NyJzogJzxmOCcsICdmb3J0cmFuX29yZGVyJzogRmFsc2UsICdz
    aGFwZSc6ICgpLCB9ICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
    ICAgICAgICAgICAKAAAAAAAABEBQSwMELQAAAAAAAAAhAM1taoP//////////wUAFABlLm5weQEAEACGAAAA
    AAAAAIYAAAAAAAAAk05VTVBZAQB2AHsnZGVzY3InOiAnPmkyJywgJ2ZvcnRyYW5fb3JkZXInOiBGYWxzZSwg
    J3NoYXBlJzogKDMsKSwgfSAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg
    ICAgICAgICAgICAgIAoAAAABAAJQSwECLQMtAAAAAAAAACEAymR04pgAAACYAAAABQAAAAAAAAAAAAAAgAEA
    AAAAZi5ucHlQSwECLQMtAAAAAAAAACEANbQ6k4gAAACIAAAABQAAAAAAAAAAAAAAgAHPAAAAZC5ucHlQSwEC
    LQMtAAAAAAAAACEAzW1qg4YAAACGAAAABQAAAAAAAAAAAAAAgAGOAQAAZS5ucHlQSwUGAAAAAAMAAwCZAAAA
    SwIAAAAA
    """)

  private static func decode(_ text: String) -> [UInt8] {
    guard let data = Data(base64Encoded: text.filter { !$0.isWhitespace }) else {
      preconditionFailure("not base64")
    }
    return [UInt8](data)
  }
}
