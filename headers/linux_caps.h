/*
 * What the bindings in nucleus.caps.internal.ffi are made from.
 * scripts/jextract.sh reads this file and linux_caps.symbols; nothing else does, but for the drift audit.
 */
#define _GNU_SOURCE /* setresuid(2) */
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>

/* Exported by the C library, declared by none of its headers: capget(2). */
int capget(cap_user_header_t header, cap_user_data_t data);
int capset(cap_user_header_t header, const cap_user_data_t data);
