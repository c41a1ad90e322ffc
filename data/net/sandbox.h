/* What hoshu-net gives up before it speaks to anyone: files by Landlock, new sockets, programs and other
 * processes by seccomp, privileges for good. What the kernel lacks is left out and said. */
#ifndef DATA_NET_SANDBOX_H
#define DATA_NET_SANDBOX_H

struct net_about;

/* Limits on core files and descriptors, no dumping; before the aide is made. */
void sandbox_limits(void);
/* For the process that speaks to servers, with all libraries started. Fills what was reached. */
void sandbox_enter(struct net_about *reached);

#endif
