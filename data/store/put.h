/* A whole row at once, from its struct; inside data/store. */
#ifndef DATA_STORE_PUT_H
#define DATA_STORE_PUT_H

#include "data/store/store.h"

/* Inserts a row (id[0] '\0': a new random id is written to id) and sets every column of row that is not empty. number (may be
 * NULL) receives the row's number of this device. false: a row of that id exists and is kept. */
bool row_put(struct tx *tx, enum table_id table, const void *row, char id[UUID_SIZE], char number[24]);
/* The id of a row that there is only one of for these words: two laptops make the same. Ends with NULL. */
void row_id_of(char id[UUID_SIZE], const char *const *words);
#define ROW_ID_OF(id, ...) row_id_of((id), (const char *const[]){ __VA_ARGS__, NULL })

#endif
