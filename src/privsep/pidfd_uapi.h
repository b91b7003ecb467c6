/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* pidfd_open(2), Linux 5.3, pidfd_getfd(2), 5.6, an ioctl of pidfds, 6.11, and the ioctl of sockets
 * that opens their network namespace, 4.10: for build machines with older headers. The numbers are
 * the same on every architecture but alpha. */

#include <fcntl.h>
#include <linux/ioctl.h>
#include <linux/sockios.h>
#include <sys/syscall.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif
#ifndef PIDFD_THREAD /* Linux 6.9 */
#define PIDFD_THREAD O_EXCL
#endif
#ifndef PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE /* Linux 6.11 */
#define PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE _IO(0xff, 6)
#endif
#ifndef SIOCGSKNS
#define SIOCGSKNS 0x894C
#endif
