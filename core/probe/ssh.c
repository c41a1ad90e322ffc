/* Reach and response of a host's ssh: answered by the connection itself. */
#include "core/probe/kind.h"

static int validate(const struct check *check, struct err *err)
{
	return kind_args(check, USES_WARN, 0, err);
}

const struct probe_kind probe_ssh = {
	.name = "ssh",
	.title = NC_("probe", "SSH"),
	.unit = "ms",
	.validate = validate,
};
