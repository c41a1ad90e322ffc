/* The names and sentences of outcomes and stages. */
#include "data/net/net.h"

struct word {
	const char *name, *text;
};

static const struct word outcomes[] = {
	[NET_OK] = { "ok", N_("done") },
	[NET_REFUSED] = { "refused", N_("connection refused") },
	[NET_NO_ROUTE] = { "no-route", N_("no way to the network") },
	[NET_RESET] = { "reset", N_("the server hung up") },
	[NET_TIMED_OUT] = { "timed-out", N_("time ran out") },
	[NET_NO_NAME] = { "no-name", N_("the name is not known") },
	[NET_PROTOCOL] = { "protocol", N_("no common language with the server") },
	[NET_KEY_UNTRUSTED] = { "key-untrusted", N_("the host key was never confirmed") },
	[NET_KEY_CHANGED] = { "key-changed", N_("the host key is another one than confirmed") },
	[NET_AUTH_DENIED] = { "auth-denied", N_("the server refused the login") },
	[NET_AUTH_PARTIAL] = { "auth-partial", N_("the server wants a second factor") },
	[NET_KEY_FILE] = { "key-file", N_("our key file cannot be used") },
	[NET_CUT] = { "cut", N_("the output was too long and was cut") },
	[NET_SIGNALLED] = { "signalled", N_("the command was killed") },
	[NET_HELPER_DIED] = { "helper-died", N_("the network helper ended unexpectedly") },
	[NET_CANCELLED] = { "cancelled", N_("cancelled") },
};

static const char *const stages[] = {
	[NET_RESOLVE] = "resolve", [NET_CONNECT] = "connect", [NET_KEX] = "kex",   [NET_HOSTKEY] = "hostkey",
	[NET_AUTH] = "auth",       [NET_OPEN] = "open",       [NET_EXEC] = "exec", [NET_FEED] = "feed",
	[NET_RUNNING] = "run",     [NET_DONE] = "done",
};

const char *net_outcome_name(enum net_outcome o)
{
	return (unsigned)o <= NET_CANCELLED ? outcomes[o].name : "unknown";
}

const char *net_outcome_text(enum net_outcome o)
{
	return (unsigned)o <= NET_CANCELLED ? outcomes[o].text : "";
}

const char *net_stage_name(enum net_stage s)
{
	return (unsigned)s <= NET_DONE ? stages[s] : "unknown";
}
