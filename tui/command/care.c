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

	if (run_given(run, "quick")) {
		int quick = store_check(run->store, err);
		if (quick == 0)
			SAY(run->out, N_("the records' structure is sound, and the newest change is as it was written"));
		return quick;
	}
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

static const struct arg fsck_args[] = {
	{ .name = "quick", .kind = ARG_FLAG, .help = N_("only the structure and the newest change, as the console does at its start") },
	{ NULL },
};

const struct command cmd_fsck = {
	.name = "fsck",
	.summary = N_("fold the change log again and compare it with the records"),
	.args = fsck_args,
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
