/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

#include "model/model.h"

/* Models from a text that is short enough to be read beside its screen:
 *
 *     host name=db7 euid=0 booted=0 taken=90000 hertz=100 partial
 *         also unreadable=NUMBER sources=BITS or sources=NAME,NAME
 *     user 100 owner=0 map=0:0:4294967295 setgroups=allow
 *     user 101 parent=100 owner=1000
 *     net 200 owner=100
 *         also listed: the kernel lists it
 *     proc 1 name=systemd uid=0 started=100 user=100 pid=50 nspid=1,1
 *         also path=CGROUP unborn kernel unread-container
 *     proc 9 name=sh cmdline=sh,-c,sleep\x201 cut
 *         cmdline= is empty; or cmdline-error=ERRNO
 *     proc 9 container=9e19 claim=ID label=nginx.service
 *         by the first characters of the ids of containers above it
 *     note ns/net pid=7 errno=13
 *     container 9e1987cf... kind=docker name=web image=nginx pod=P pod_namespace=N pod_id=U
 *         also outer=ID trust=user:UID|inside|unknown source= sandbox unverified
 *     hold 101 fd=7 of=1468
 *         also thread=TID of=PID; mount=PATH in=MNT; for-children
 *     pin mount=/x in=300 minor=52 mounts=2
 *         no number, held by a mount of proc with device 0:52; also covered
 *
 * Each line is one thing; `#` begins a comment. A namespace without `parent` is initial. The values
 * hidden, failed, unread and unsupported of `parent` and `owner` are the states REL_HIDDEN,
 * REL_FAILED, REL_UNREAD and REL_UNSUPPORTED; `map` may be unread. `owner` is a UID for a user
 * namespace, else the number of the owning user namespace. `id` (hence the tag) is the number
 * unless given. In names `\xNN` is that byte. A line that cannot be parsed ends the test. */
const struct model *model_from_text(const char *text);

/* The same from the file tests/ui/models/NAME below top_srcdir. */
const struct model *model_from_file(const char *name);

/* A whole file as a string, below top_srcdir (an environment variable; "." without); the caller
 * frees; NULL if it cannot be read. */
char *read_source_file(const char *path);
