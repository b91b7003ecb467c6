/* SPDX-License-Identifier: Apache-2.0 */
/* Messages between the program and its helper: whatever their length and number of descriptors, and
 * however small the room for them, descriptors arrive or are closed. The first byte chooses how
 * many descriptors are sent, the next one the room. */
#include "base/attributes.h"
#include "privsep/helper_protocol.h"
#include "tests/fuzz/fuzz.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HEAD = 2, DESCRIPTORS_SENT = HELPER_PROTOCOL_FDS_MAX };

static void check_received(int socket, size_t size, size_t len, size_t n_fds)
{
	unsigned char *const bytes = malloc(size + 1);
	struct passed_fds passed;

	CHECK(bytes);
	const ssize_t n = helper_protocol_receive(socket, bytes, size, &passed);
	CHECK(n >= 0 && (size_t)n == (len < size ? len : size));
	CHECK(passed.n == (n > 0 ? n_fds : 0));
	CHECK(passed.is_cut == (len > size));
	for (size_t i = 0; i < passed.n; i++) {
		CHECK(fcntl(passed.fds[i], F_GETFD) == FD_CLOEXEC);
		close(passed.fds[i]);
	}
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int sockets[2], fds[DESCRIPTORS_SENT];

	if (size < HEAD)
		return 0;
	const size_t n_fds = data[0] % (DESCRIPTORS_SENT + 1);
	const size_t room = data[1] % 2 ? (size_t)data[1] / 2 : size;
	CHECK(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, sockets) == 0);
	for (size_t i = 0; i < DESCRIPTORS_SENT; i++)
		fds[i] = sockets[1];
	CHECK(helper_protocol_send(sockets[0], data + HEAD, size - HEAD, fds, n_fds) == 0);
	check_received(sockets[1], room, size - HEAD, n_fds);
	const int next = dup(sockets[0]);
	CHECK(next == sockets[1] + 1); /* none is left open */
	close(next);
	close(sockets[0]);
	close(sockets[1]);
	return 0;
}
