/* 機器: hosts, their checks, a check's past. Three lists over the same situation, one below the other: what a service or site rests on,
 * what is asked of a host, how a check has been. The model reads and draws without the console. */
#ifndef TUI_SCREEN_MACHINES_H
#define TUI_SCREEN_MACHINES_H

#include "data/collect/view.h"
#include "tui/widget/list.h"
#include "tui/widget/surface.h"

enum machines_kind { MACHINES_HOSTS, MACHINES_CHECKS, MACHINES_PAST };

struct machines {
	enum machines_kind kind;
	char subject[48];       /* "", "service:ID", "site:ID"; a host's id; a check's id */
	const struct contract *contract;
	int64_t now;
	struct situation_view view;
	struct state_intervals past;
	VEC(size_t) rows;       /* indices of hosts or checks shown, failed first */
	struct list list;
	char cell[10][256], id[24];
};

void machines_init(struct machines *m, enum machines_kind kind, const char *subject);
void machines_release(struct machines *m);
int machines_fill(struct machines *m, struct store *store, struct status *status, const struct contract *c, int64_t now,
		  struct err *err);
void machines_draw(struct machines *m, int64_t now, struct surface *out, struct rect area);
/* Of the row under the cursor: a host's or a check's id, NULL when there is none. */
const char *machines_selected(const struct machines *m);

#endif
