// A static program takes in whatever a fatal message of glibc's own may need: stdio with wide characters and
// floating point, translations, and from there the loading of shared libraries, 140 KB together. The agent prints with
// write(2), formats nothing in C and loads nothing, so in it these ways end at once. Weak: where a member of libc.a is
// needed for something else too, its own definition stands.
#ifdef BRAMBLE_STATIC_GLIBC
#include <stdlib.h>

#define ENDS_HERE(name) \
  __attribute__((weak, noreturn)) void name(void); \
  __attribute__((weak, noreturn)) void name(void) { abort(); }

ENDS_HERE(__fxprintf)
ENDS_HERE(__vfprintf_internal)
ENDS_HERE(_dl_open)
#endif
