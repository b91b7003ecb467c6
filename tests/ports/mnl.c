/* SPDX-License-Identifier: Apache-2.0 */

/* The functions of libmnl that nsbrowse and its tests use. <libmnl/libmnl.h> declares them.
 * tests/ports/libraries builds this in place of libmnl if the archive has no sources of it; only
 * `make check-musl` uses what it builds, and says so then. No program that is installed has it. */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct mnl_socket {
	int fd;
	struct sockaddr_nl address;
};

/* --- sockets ---------------------------------------------------------------------------------- */

struct mnl_socket *mnl_socket_open2(int bus, int flags)
{
	struct mnl_socket *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return NULL;
	nl->fd = socket(AF_NETLINK, SOCK_RAW | flags, bus);
	if (nl->fd >= 0)
		return nl;
	free(nl);
	return NULL;
}

struct mnl_socket *mnl_socket_open(int bus)
{
	return mnl_socket_open2(bus, 0);
}

int mnl_socket_bind(struct mnl_socket *nl, unsigned groups, pid_t pid)
{
	socklen_t size = sizeof(nl->address);

	nl->address = (struct sockaddr_nl){
	        .nl_family = AF_NETLINK, .nl_groups = groups, .nl_pid = (uint32_t)pid};
	if (bind(nl->fd, (struct sockaddr *)&nl->address, size) < 0)
		return -1;
	return getsockname(nl->fd, (struct sockaddr *)&nl->address, &size);
}

int mnl_socket_close(struct mnl_socket *nl)
{
	const int r = close(nl->fd);

	free(nl);
	return r;
}

unsigned mnl_socket_get_portid(const struct mnl_socket *nl)
{
	return nl->address.nl_pid;
}

ssize_t mnl_socket_sendto(const struct mnl_socket *nl, const void *request, size_t size)
{
	const struct sockaddr_nl kernel = {.nl_family = AF_NETLINK};

	return sendto(nl->fd, request, size, 0, (const struct sockaddr *)&kernel, sizeof(kernel));
}

/* A message that is too long for the buffer is the error ENOSPC. */
ssize_t mnl_socket_recvfrom(const struct mnl_socket *nl, void *buffer, size_t size)
{
	struct iovec part = {.iov_base = buffer, .iov_len = size};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
	const ssize_t n = recvmsg(nl->fd, &message, 0);

	if (n < 0 || !(message.msg_flags & MSG_TRUNC))
		return n;
	errno = ENOSPC;
	return -1;
}

/* --- messages --------------------------------------------------------------------------------- */

struct nlmsghdr *mnl_nlmsg_put_header(void *buffer)
{
	struct nlmsghdr *const message = buffer;

	memset(message, 0, NLMSG_HDRLEN);
	message->nlmsg_len = NLMSG_HDRLEN;
	return message;
}

static void *tail(const struct nlmsghdr *message)
{
	return (char *)message + NLMSG_ALIGN(message->nlmsg_len);
}

void *mnl_nlmsg_put_extra_header(struct nlmsghdr *message, size_t size)
{
	void *const header = tail(message);

	memset(header, 0, NLMSG_ALIGN(size));
	message->nlmsg_len += (uint32_t)NLMSG_ALIGN(size);
	return header;
}

void *mnl_nlmsg_get_payload(const struct nlmsghdr *message)
{
	return (char *)message + NLMSG_HDRLEN;
}

size_t mnl_nlmsg_get_payload_len(const struct nlmsghdr *message)
{
	return message->nlmsg_len - NLMSG_HDRLEN;
}

/* What a message of the kernel about the exchange itself says. */
static int control(const struct nlmsghdr *message)
{
	const struct nlmsgerr *const said = mnl_nlmsg_get_payload(message);

	if (message->nlmsg_type == NLMSG_DONE)
		return MNL_CB_STOP;
	if (message->nlmsg_type != NLMSG_ERROR)
		return MNL_CB_OK;
	if (mnl_nlmsg_get_payload_len(message) < sizeof(*said)) {
		errno = EBADMSG;
		return MNL_CB_ERROR;
	}
	errno = abs(said->error);
	return said->error ? MNL_CB_ERROR : MNL_CB_STOP;
}

int mnl_cb_run(
        const void *buffer, size_t size, unsigned seq, unsigned port, mnl_cb_t take, void *data)
{
	const struct nlmsghdr *message = buffer;
	int r = MNL_CB_OK;

	for (int left = (int)size; left >= (int)sizeof(*message) &&
	                           NLMSG_OK(message, (unsigned)left) && r > MNL_CB_STOP;
	        message = NLMSG_NEXT(message, left)) {
		if (message->nlmsg_pid && port && message->nlmsg_pid != port) {
			errno = ESRCH;
			return MNL_CB_ERROR;
		}
		if ((message->nlmsg_seq && seq && message->nlmsg_seq != seq) ||
		        message->nlmsg_flags & NLM_F_DUMP_INTR) {
			errno = message->nlmsg_flags & NLM_F_DUMP_INTR ? EINTR : EPROTO;
			return MNL_CB_ERROR;
		}
		if (message->nlmsg_type < NLMSG_MIN_TYPE)
			r = control(message);
		else if (take)
			r = take(message, data);
	}
	return r;
}

/* --- attributes ------------------------------------------------------------------------------- */

uint16_t mnl_attr_get_type(const struct nlattr *attribute)
{
	return attribute->nla_type & NLA_TYPE_MASK;
}

void *mnl_attr_get_payload(const struct nlattr *attribute)
{
	return (char *)attribute + NLA_HDRLEN;
}

uint16_t mnl_attr_get_payload_len(const struct nlattr *attribute)
{
	return (uint16_t)(attribute->nla_len - NLA_HDRLEN);
}

uint32_t mnl_attr_get_u32(const struct nlattr *attribute)
{
	uint32_t value;

	memcpy(&value, mnl_attr_get_payload(attribute), sizeof(value));
	return value;
}

static int parse(const char *at, const char *end, mnl_attr_cb_t take, void *data)
{
	int r = MNL_CB_OK;

	while (r > MNL_CB_STOP && end - at >= NLA_HDRLEN) {
		const struct nlattr *const attribute = (const struct nlattr *)at;

		if (attribute->nla_len < NLA_HDRLEN || attribute->nla_len > end - at)
			break;
		r = take(attribute, data);
		at += NLA_ALIGN(attribute->nla_len);
	}
	return r;
}

int mnl_attr_parse(const struct nlmsghdr *message, unsigned offset, mnl_attr_cb_t take, void *data)
{
	const char *const first = (const char *)message + NLMSG_HDRLEN + NLMSG_ALIGN(offset);

	return parse(first, tail(message), take, data);
}

int mnl_attr_parse_nested(const struct nlattr *nested, mnl_attr_cb_t take, void *data)
{
	const char *const first = mnl_attr_get_payload(nested);

	return parse(first, first + mnl_attr_get_payload_len(nested), take, data);
}

void mnl_attr_put(struct nlmsghdr *message, uint16_t type, size_t size, const void *data)
{
	struct nlattr *const attribute = tail(message);
	const size_t length = NLA_HDRLEN + size;

	attribute->nla_type = type;
	attribute->nla_len = (uint16_t)length;
	memcpy(mnl_attr_get_payload(attribute), data, size);
	memset((char *)attribute + length, 0, NLA_ALIGN(length) - length);
	message->nlmsg_len += (uint32_t)NLA_ALIGN(length);
}

void mnl_attr_put_u32(struct nlmsghdr *message, uint16_t type, uint32_t value)
{
	mnl_attr_put(message, type, sizeof(value), &value);
}

void mnl_attr_put_str(struct nlmsghdr *message, uint16_t type, const char *text)
{
	mnl_attr_put(message, type, strlen(text), text);
}

void mnl_attr_put_strz(struct nlmsghdr *message, uint16_t type, const char *text)
{
	mnl_attr_put(message, type, strlen(text) + 1, text);
}

struct nlattr *mnl_attr_nest_start(struct nlmsghdr *message, uint16_t type)
{
	struct nlattr *const attribute = tail(message);

	attribute->nla_type = NLA_F_NESTED | type;
	message->nlmsg_len += NLA_HDRLEN;
	return attribute;
}

void mnl_attr_nest_end(struct nlmsghdr *message, struct nlattr *attribute)
{
	attribute->nla_len = (uint16_t)((char *)tail(message) - (char *)attribute);
}
