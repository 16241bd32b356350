// A static program takes in whatever a fatal message of glibc's own may need: stdio with wide characters and
// floating point, translations, and from there the loading of shared libraries, 140 KB together; and whatever
// of name resolution a thread's end may have to clear away, 80 KB. The agent prints with write(2), formats
// nothing in C, loads nothing and looks no host up, so in it these ways end at once. Weak: where a member of
// libc.a is needed for something else too, its own definition stands.
#ifdef BRAMBLE_STATIC_GLIBC
#include <stdlib.h>

#define ENDS_HERE(name) \
  __attribute__((weak, noreturn)) void name(void); \
  __attribute__((weak, noreturn)) void name(void) { abort(); }

ENDS_HERE(__res_vinit)
ENDS_HERE(__resolv_conf_load)
ENDS_HERE(__strcasecmp_l)
ENDS_HERE(__fxprintf)
ENDS_HERE(__vfprintf_internal)
ENDS_HERE(_dl_open)
#endif
