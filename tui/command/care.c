/* fsck and backup: is what was written still what is there, and is there a copy of it. */
#include "core/base/strbuf.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

static void found(void *ctx, const struct msg *what)
{
	struct run *run = ctx;

	output_say(run->out, what);
	run->exit_code++;
}

static int fsck_exec(struct run *run, struct err *err)
{
	int64_t checked = 0;
	int rc = store_fsck(run->store, found, run, &checked, err);
	int faults = run->exit_code;

	run->exit_code = 0;
	if (rc != 0)
		return rc;
	if (faults > 0)
		return ERR(err, HS_ERR_DAMAGED, N_("{1} differences found in {2} changes; keep the file and restore a backup"),
			   MSG_INT(faults), MSG_INT(checked));
	SAY(run->out, N_("{1} changes folded again: everything is as it was written"), MSG_INT(checked));
	return 0;
}

const struct command cmd_fsck = {
	.name = "fsck",
	.summary = N_("fold the change log again and compare it with the records"),
	.exec = fsck_exec,
};

static int backup_exec(struct run *run, struct err *err)
{
	struct strbuf path = { 0 };
	int rc = store_backup(run->store, &path, err);

	if (rc == 0)
		SAY(run->out, N_("backup written and verified: {1}"), strbuf_text(&path));
	strbuf_release(&path);
	return rc;
}

const struct command cmd_backup = {
	.name = "backup",
	.summary = N_("write a verified backup of the records now"),
	.exec = backup_exec,
};
