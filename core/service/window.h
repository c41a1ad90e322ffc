/* 稼働時間 (S2.2(1)): is a service meant to be usable at a moment, and until when does that hold? */
#ifndef CORE_SERVICE_WINDOW_H
#define CORE_SERVICE_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "core/contract/contract.h"

/* Whether now lies in the window. *changes_at: when that ends or begins next, TIME_NONE when it does not within a year. */
bool window_open(const struct contract *c, const struct window *w, int64_t now, int64_t *changes_at);

#endif
