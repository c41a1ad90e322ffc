/* restore and device: when the records were damaged, or came from another machine. */
#include "core/base/strbuf.h"
#include "data/contract/config.h"
#include "tui/command/command.h"
#include "tui/command/output.h"

static const struct arg restore_args[] = {
	{ .name = "name", .kind = ARG_TEXT, .flags = ARG_POSITIONAL, .help = N_("name of the backup; the newest good one when not said") },
	{ .name = "list", .kind = ARG_FLAG, .flags = ARG_LOOKS, .help = N_("only list the backups, newest first") },
	{ NULL },
};

static int list_backups(struct run *run, const char *folder, struct err *err)
{
	struct backups all;
	int rc = store_backups(folder, &all, err);

	for (size_t i = 0; rc == 0 && i < all.list.len; i++)
		SAY(run->out, store_backup_check(folder, all.list.v[i].name, NULL) == 0 ? N_("{1}  good, {2} kB") : N_("{1}  damaged, {2} kB"),
		    all.list.v[i].name, MSG_INT(all.list.v[i].size / 1024));
	if (rc == 0 && all.list.len == 0)
		SAY(run->out, N_("there is no backup in '{1}'"), folder);
	vec_release(&all.list);
	return rc;
}

static int restore_exec(struct run *run, struct err *err)
{
	struct strbuf folder = { 0 }, aside = { 0 }, used = { 0 };
	const char *name = run_text(run, "name");
	int rc;

	if (run->contract == NULL)
		return ERR(err, HS_ERR_NOT_FOUND, N_("no contract is configured; run 'hoshu init', or 'hoshu --practice' to look around"));
	config_contract_folder(run->config, run->contract->id, &folder);
	if (run_given(run, "list")) {
		rc = list_backups(run, strbuf_text(&folder), err);
	} else {
		rc = store_restore(strbuf_text(&folder), *name != '\0' ? name : NULL, run->now, &aside, &used, err);
		if (rc == 0)
			SAY(run->out, N_("'{1}' was put back; what was there is kept as '{2}'. Now give this device a new tag: hoshu device TAG"),
			    strbuf_text(&used), strbuf_text(&aside));
	}
	strbuf_release(&folder);
	strbuf_release(&aside);
	strbuf_release(&used);
	return rc;
}

const struct command cmd_restore = {
	.name = "restore",
	.summary = N_("put a backup in the place of damaged records, which are kept aside"),
	.args = restore_args,
	.flags = CMD_WRITES | CMD_NO_CONTRACT | CMD_SHELL,
	.exec = restore_exec,
};

static const struct arg device_args[] = {
	{ .name = "tag", .kind = ARG_TEXT, .flags = ARG_POSITIONAL, .help = N_("new letters of this device, one to three, never used before") },
	{ NULL },
};

static int device_exec(struct run *run, struct err *err)
{
	const char *tag = run_text(run, "tag");
	int rc = *tag != '\0' ? store_device_renew(run->store, tag, err) : 0;
	const struct store_device *d = store_device(run->store);

	if (rc != 0)
		return rc;
	if (d->machine_changed)
		SAY(run->out, N_("the records come from another machine or from a backup; before writing: hoshu device TAG"));
	else
		SAY(run->out, N_("this device is {1} ({2})"), d->tag, d->id);
	return 0;
}

const struct command cmd_device = {
	.name = "device",
	.summary = N_("show this device's tag, or name it anew after a restore or on another machine"),
	.args = device_args,
	.topics = TOPIC_OTHER,
	.exec = device_exec,
};
