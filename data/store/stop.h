/* Planned and emergency stops in records.db (S2.2(1)). Writers run inside the caller's tx; core/service/plan.h judges. */
#ifndef DATA_STORE_STOP_H
#define DATA_STORE_STOP_H

#include "data/store/store.h"

#define STOP_SERVICES 32

/* services: ids of the contract, ends with NULL. */
void stop_put(struct tx *tx, const struct stop *draft, const char *const *services, char id[UUID_SIZE], char number[24]);
/* Stops that end at or after since (TIME_NONE: all), by their beginning; an emergency stop that goes on is among them. */
int stops_load(struct store *s, int64_t since, struct rows *out, struct err *err);
/* stop_service rows of all live stops, or of one. */
int stop_services_load(struct store *s, const char *stop, struct rows *out, struct err *err);

#endif
