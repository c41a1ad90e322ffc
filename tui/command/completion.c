/* completion: a script for bash, made from the lists of verbs and options. */
#include <string.h>

#include "core/base/strbuf.h"
#include "tui/command/command.h"
#include "tui/command/options.h"
#include "tui/command/output.h"

/* The words that may follow a verb's name: its options and the choices of each. */
static void verb_case(struct strbuf *out, const struct command *c)
{
	strbuf_addf(out, "\t\t'%s') words='", c->name);
	for (const struct arg *a = c->args; a != NULL && a->name != NULL; a++) {
		strbuf_addf(out, "--%s ", a->name);
		for (const struct choice *choice = a->choices; choice != NULL && choice->id != NULL; choice++)
			strbuf_addf(out, "%s ", choice->id);
	}
	strbuf_add_text(out, "' ;;\n");
}

static void bash_script(struct strbuf *out)
{
	size_t count;
	const struct command *const *list = command_list(&count);

	strbuf_add_text(out, "# bash completion for hoshu\n_hoshu()\n{\n"
			     "\tlocal cur=${COMP_WORDS[COMP_CWORD]} verb= words= i\n\tlocal -a verbs=(");
	for (size_t i = 0; i < count; i++)
		strbuf_addf(out, "'%s' ", list[i]->name);
	strbuf_add_text(out, ")\n\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
			     "\t\t[[ ${COMP_WORDS[i]} == -* ]] || verb+=${verb:+ }${COMP_WORDS[i]}\n\tdone\n"
			     "\tcase $verb in\n");
	for (size_t i = 0; i < count; i++)
		verb_case(out, list[i]);
	strbuf_add_text(out, "\tesac\n\tlocal v rest\n\tfor v in \"${verbs[@]}\"; do\n"
			     "\t\tif [[ -z $verb ]]; then words+=\" ${v%% *}\"\n"
			     "\t\telif [[ $v == \"$verb \"* ]]; then rest=${v#\"$verb \"}; words+=\" ${rest%% *}\"\n"
			     "\t\tfi\n\tdone\n\t[[ $cur == -* ]] && words+='");
	for (size_t i = 0; i < OPTION_COUNT; i++)
		strbuf_addf(out, " --%s", option_list()[i].name);
	strbuf_add_text(out, "'\n\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n}\n"
			     "complete -o default -F _hoshu hoshu\n");
}

static int completion_exec(struct run *run, struct err *err)
{
	struct strbuf out = { 0 };
	(void)err;

	bash_script(&out);
	output_script(run->out, strbuf_text(&out));
	strbuf_release(&out);
	return 0;
}

static const struct choice shells[] = { { "bash", NULL }, { NULL, NULL } };

static const struct arg completion_args[] = {
	{ "shell", ARG_CHOICE, ARG_REQUIRED | ARG_POSITIONAL, N_("for which shell"), shells },
	{ NULL },
};

const struct command cmd_completion = {
	.name = "completion",
	.summary = N_("print a completion script for the shell"),
	.args = completion_args,
	.flags = CMD_NO_CONTRACT | CMD_SHELL,
	.exec = completion_exec,
};
