// Which kind of core this is: cores with the same features want different schedules.
#ifndef BRAMBLE_CORE_H
#define BRAMBLE_CORE_H

#include <stdbool.h>

// Whether instructions are issued in order, as on the Cortex-A53 (and A35, A55).
bool bk_core_is_a53(void);

#endif
