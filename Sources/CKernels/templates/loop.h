// Names for inner loops, so that Tests/Benchmarks/arm can find them in the assembly and
// CKernelsTests can see which tiles there are. Nothing in a build: the names are comments, and only
// where BK_NAME_LOOPS is defined.
#ifndef BRAMBLE_LOOP_H
#define BRAMBLE_LOOP_H

#if defined(BK_NAME_LOOPS)
// For loops in assembly.
#define BK_LOOP(name) "/* loop " name " */\n"
// For loops in C: NAME ROWSxCOLUMNS.
#define BK_LOOP_OF_TILE(name, rows, columns) \
  __asm__ volatile("/* loop " name " %c0x%c1 */" : : "i"(rows), "i"(columns))
#else
#define BK_LOOP(name)
#define BK_LOOP_OF_TILE(name, rows, columns)
#endif

#endif
