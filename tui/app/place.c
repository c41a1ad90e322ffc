/* Where the console was left: the name of the last screen, one line in the state folder, 0600. */
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "data/store/ticket.h"
#include "tui/app/internal.h"

enum { PLACE_MAX = 64 };

static void place_path(const struct app *a, struct strbuf *out)
{
	strbuf_addf(out, "%s/screen", a->session->config->state_folder);
}

/* The tab that was left last; 0 when none is known. */
static int place_read(const struct app *a)
{
	struct strbuf path = { 0 };
	char name[PLACE_MAX] = "";

	place_path(a, &path);
	int fd = open(strbuf_text(&path), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	ssize_t len = fd >= 0 ? read(fd, name, sizeof name - 1) : 0;
	if (fd >= 0)
		close(fd);
	strbuf_release(&path);
	name[len > 0 ? len : 0] = '\0';
	name[strcspn(name, "\n")] = '\0';
	const struct screen_ops *ops = screen_by_name(name);
	return ops != NULL ? ops->tab : 0;
}

static bool has_major_ticket(const struct app *a)
{
	struct ticket_filter filter = { .scope = TICKETS_OPEN, .due_before = TIME_NONE, .after_closed_at = TIME_NONE,
					.limit = PLACE_MAX };
	struct ticket_queue q = { 0 };
	bool major = false;

	if (tickets_load(app_store(a), app_contract(a), &filter, app_now(a), &q, NULL) != 0)
		return false;
	for (size_t i = 0; i < q.list.len && !major; i++)
		major = strcmp(q.list.v[i].row.severity, "major") == 0;
	ticket_queue_release(&q);
	return major;
}

int place_first(const struct app *a)
{
	const struct screen_ops *tickets = screen_by_name("tickets");

	if (a->session->config->role == PERSON_PM)
		return 1;
	if (tickets != NULL && has_major_ticket(a))
		return tickets->tab;
	return place_read(a);
}

void place_save(const struct app *a)
{
	const struct screen_ops *ops = screen_by_tab(a->tab);
	struct strbuf path = { 0 };

	if (ops == NULL)
		return;
	make_folders(a->session->config->state_folder);
	place_path(a, &path);
	int fd = open(strbuf_text(&path), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0) {
		strbuf_release(&path);
		return;
	}
	/* one that is cut short names no screen, and the next start is on the first */
	if (write(fd, ops->name, strlen(ops->name)) != (ssize_t)strlen(ops->name) && ftruncate(fd, 0) != 0)
		unlink(strbuf_text(&path));
	close(fd);
	strbuf_release(&path);
}
