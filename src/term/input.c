/* SPDX-License-Identifier: Apache-2.0 */
#include "term/input.h"

#include "base/memory.h"
#include "term/terminfo.h"

#include <poll.h>
#include <string.h>

static const struct {
	const char *name; /* terminfo(5) */
	uint32_t key;
} capabilities[] = {
        {"kcuu1", NSB_KEY_UP},
        {"kcud1", NSB_KEY_DOWN},
        {"kcub1", NSB_KEY_LEFT},
        {"kcuf1", NSB_KEY_RIGHT},
        {"khome", NSB_KEY_HOME},
        {"kfnd", NSB_KEY_HOME}, /* \e[1~: the Linux console and PuTTY */
        {"kend", NSB_KEY_END},
        {"kslt", NSB_KEY_END}, /* \e[4~ */
        {"kpp", NSB_KEY_PAGE_UP},
        {"knp", NSB_KEY_PAGE_DOWN},
        {"kdch1", NSB_KEY_DELETE},
        {"kcbt", NSB_KEY_BACKTAB},
        {"kbs", 127},
        {"kent", '\r'},
        {"kf1", NSB_KEY_F0 + 1},
        {"kf2", NSB_KEY_F0 + 2},
        {"kf3", NSB_KEY_F0 + 3},
        {"kf4", NSB_KEY_F0 + 4},
        {"kf5", NSB_KEY_F0 + 5},
        {"kf6", NSB_KEY_F0 + 6},
        {"kf7", NSB_KEY_F0 + 7},
        {"kf8", NSB_KEY_F0 + 8},
        {"kf9", NSB_KEY_F0 + 9},
        {"kf10", NSB_KEY_F0 + 10},
        {"kf11", NSB_KEY_F0 + 11},
        {"kf12", NSB_KEY_F0 + 12},
};

/* What terminals send that terminfo does not say of them: cursor keys in the other mode, and the
 * dialects of others. */
static const struct decoder_key sequences[] = {
        {"\033[A", NSB_KEY_UP},
        {"\033[B", NSB_KEY_DOWN},
        {"\033[C", NSB_KEY_RIGHT},
        {"\033[D", NSB_KEY_LEFT},
        {"\033[H", NSB_KEY_HOME},
        {"\033[F", NSB_KEY_END},
        {"\033OA", NSB_KEY_UP},
        {"\033OB", NSB_KEY_DOWN},
        {"\033OC", NSB_KEY_RIGHT},
        {"\033OD", NSB_KEY_LEFT},
        {"\033OH", NSB_KEY_HOME},
        {"\033OF", NSB_KEY_END},
        {"\033[1~", NSB_KEY_HOME},
        {"\033[4~", NSB_KEY_END},
        {"\033[7~", NSB_KEY_HOME},
        {"\033[8~", NSB_KEY_END},
        {"\033[3~", NSB_KEY_DELETE},
        {"\033[5~", NSB_KEY_PAGE_UP},
        {"\033[6~", NSB_KEY_PAGE_DOWN},
        {"\033[Z", NSB_KEY_BACKTAB},
        {"\033OP", NSB_KEY_F0 + 1},
        {"\033OQ", NSB_KEY_F0 + 2},
        {"\033OR", NSB_KEY_F0 + 3},
        {"\033OS", NSB_KEY_F0 + 4},
        {"\033[11~", NSB_KEY_F0 + 1},
        {"\033[12~", NSB_KEY_F0 + 2},
        {"\033[13~", NSB_KEY_F0 + 3},
        {"\033[14~", NSB_KEY_F0 + 4},
        {"\033[15~", NSB_KEY_F0 + 5},
        {"\033[17~", NSB_KEY_F0 + 6},
        {"\033[18~", NSB_KEY_F0 + 7},
        {"\033[19~", NSB_KEY_F0 + 8},
        {"\033[20~", NSB_KEY_F0 + 9},
        {"\033[21~", NSB_KEY_F0 + 10},
        {"\033[23~", NSB_KEY_F0 + 11},
        {"\033[24~", NSB_KEY_F0 + 12},
        /* The keypad, in the mode that the cursor keys are in. */
        {"\033OM", '\r'},
        {"\033Oj", '*'},
        {"\033Ok", '+'},
        {"\033Ol", ','},
        {"\033Om", '-'},
        {"\033On", '.'},
        {"\033Oo", '/'},
        {"\033Op", '0'},
        {"\033Oq", '1'},
        {"\033Or", '2'},
        {"\033Os", '3'},
        {"\033Ot", '4'},
        {"\033Ou", '5'},
        {"\033Ov", '6'},
        {"\033Ow", '7'},
        {"\033Ox", '8'},
        {"\033Oy", '9'},
};

/* What terminfo says counts more. */
static size_t collect_keys(struct decoder_key **ret)
{
	const size_t most = ARRAY_SIZE(capabilities) + ARRAY_SIZE(sequences);
	struct decoder_key *keys = memory_new(most * sizeof(*keys));
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		const char *bytes = terminfo_string(capabilities[i].name);

		if (bytes && *bytes)
			keys[n++] = (struct decoder_key){bytes, capabilities[i].key};
	}
	memcpy(keys + n, sequences, sizeof(sequences));
	*ret = keys;
	return n + ARRAY_SIZE(sequences);
}

void input_init(struct input *input, int fd, bool has_mouse)
{
	const char *delay = getenv("ESCDELAY");

	*input = (struct input){.fd = fd};
	const size_t n = collect_keys(&input->keys);
	decoder_init(&input->decoder, input->keys, n);
	input->decoder.has_mouse = has_mouse;
	if (delay && *delay >= '0' && *delay <= '9')
		input->decoder.escape_ms = (unsigned)strtoul(delay, NULL, 10);
}

void input_set_mouse(struct input *input, bool has_mouse)
{
	input->decoder.has_mouse = has_mouse;
}

void input_release(struct input *input)
{
	free(input->keys);
	input->keys = NULL;
}

/* False if there is nothing now. */
static bool fill(struct input *input)
{
	struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};

	if (input->is_gone || poll(&poll_fd, 1, 0) <= 0)
		return false;
	const ssize_t n = read(input->fd, input->bytes, sizeof(input->bytes));
	input->at = 0;
	input->n = n > 0 ? (size_t)n : 0;
	/* Readable, and nothing to read: the end. */
	input->is_gone = n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
	return n > 0;
}

int input_next(struct input *input, uint64_t now_ms, struct event *ret)
{
	struct decoder *decoder = &input->decoder;

	while (!decoder_take(decoder, ret)) {
		const uint64_t ends_at = decoder_ends_at(decoder);

		if (input->at < input->n || fill(input))
			decoder_put(decoder, input->bytes[input->at++], now_ms);
		else if (ends_at && now_ms >= ends_at)
			decoder_end(decoder);
		else
			return input->is_gone ? -EIO : 0;
	}
	return 1;
}

uint64_t input_wakes_at(const struct input *input)
{
	const struct decoder *decoder = &input->decoder;

	/* What was read is not seen by poll(2) any more; and one byte may be two keys (ESC was one
	 * after all). */
	return input->at < input->n || decoder->n_events ? 1 : decoder_ends_at(decoder);
}
