/* SPDX-License-Identifier: Apache-2.0 */
#include "term/input.h"

#include "base/utf8.h"
#include "ui/event.h"

#include <curses.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>

static const struct {
	int code;
	uint32_t key;
} codes[] = {
        {KEY_UP, NSB_KEY_UP},
        {KEY_DOWN, NSB_KEY_DOWN},
        {KEY_LEFT, NSB_KEY_LEFT},
        {KEY_RIGHT, NSB_KEY_RIGHT},
        {KEY_HOME, NSB_KEY_HOME},
        {KEY_FIND, NSB_KEY_HOME}, /* \e[1~: the Linux console and PuTTY */
        {KEY_END, NSB_KEY_END},
        {KEY_SELECT, NSB_KEY_END}, /* \e[4~ */
        {KEY_PPAGE, NSB_KEY_PAGE_UP},
        {KEY_NPAGE, NSB_KEY_PAGE_DOWN},
        {KEY_DC, NSB_KEY_DELETE},
        {KEY_BTAB, NSB_KEY_BACKTAB},
        {KEY_BACKSPACE, 127},
        {KEY_ENTER, '\r'},
        {8, 127}, /* the other Backspace */
        {'\n', '\r'},
};

/* What terminals send that terminfo does not say of them: cursor keys in the other mode, and the
 * dialects of others. */
static const struct {
	const char *bytes;
	int code;
} sequences[] = {
        {"\033[A", KEY_UP},
        {"\033[B", KEY_DOWN},
        {"\033[C", KEY_RIGHT},
        {"\033[D", KEY_LEFT},
        {"\033[H", KEY_HOME},
        {"\033[F", KEY_END},
        {"\033OA", KEY_UP},
        {"\033OB", KEY_DOWN},
        {"\033OC", KEY_RIGHT},
        {"\033OD", KEY_LEFT},
        {"\033OH", KEY_HOME},
        {"\033OF", KEY_END},
        {"\033[1~", KEY_HOME},
        {"\033[4~", KEY_END},
        {"\033[7~", KEY_HOME},
        {"\033[8~", KEY_END},
        {"\033[3~", KEY_DC},
        {"\033[5~", KEY_PPAGE},
        {"\033[6~", KEY_NPAGE},
        {"\033[Z", KEY_BTAB},
        {"\033OP", KEY_F(1)},
        {"\033OQ", KEY_F(2)},
        {"\033OR", KEY_F(3)},
        {"\033OS", KEY_F(4)},
        {"\033[11~", KEY_F(1)},
        {"\033[12~", KEY_F(2)},
        {"\033[13~", KEY_F(3)},
        {"\033[14~", KEY_F(4)},
        {"\033[15~", KEY_F(5)},
        {"\033[17~", KEY_F(6)},
        {"\033[18~", KEY_F(7)},
        {"\033[19~", KEY_F(8)},
        {"\033[20~", KEY_F(9)},
        {"\033[21~", KEY_F(10)},
        {"\033[23~", KEY_F(11)},
        {"\033[24~", KEY_F(12)},
};

/* What terminfo says counts more. */
static void define_sequences(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++) {
		if (key_defined(sequences[i].bytes) == 0)
			define_key(sequences[i].bytes, sequences[i].code);
	}
}

void input_init(struct input *input, int fd)
{
	*input = (struct input){.fd = fd, .pad = newpad(1, 1)};
	keypad(input->pad, TRUE);
	nodelay(input->pad, TRUE);
	meta(input->pad, TRUE);
	define_sequences();
}

void input_release(struct input *input)
{
	if (input->pad)
		delwin(input->pad);
	input->pad = NULL;
}

/* 0 for what is no key of ours. */
static uint32_t key_of_code(int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(codes); i++) {
		if (codes[i].code == code)
			return codes[i].key;
	}
	if (code > KEY_F(0) && code <= KEY_F(12))
		return NSB_KEY_F0 + (uint32_t)(code - KEY_F(0));
	return code < KEY_MIN ? (uint32_t)code : 0;
}

/* How long a character with that first byte is; 0: there is none. */
static size_t length_of(unsigned char first)
{
	return first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

/* One more byte of a character beyond ASCII: the character once it is whole, else 0. What is not
 * UTF-8 is dropped; unlike get_wch, this never swallows the keys after it. */
static uint32_t add_byte(struct input *input, unsigned char byte)
{
	char32_t c;

	if (length_of(byte))
		input->n_bytes = 0;
	else if (!input->n_bytes)
		return 0;
	input->bytes[input->n_bytes++] = (char)byte;
	const size_t wanted = length_of((unsigned char)input->bytes[0]);
	if (input->n_bytes < wanted)
		return 0;
	input->n_bytes = 0;
	return utf8_decode(input->bytes, wanted, &c) == wanted ? c : 0;
}

/* curses says the same of "nothing there" and of "nobody there". */
static int why_nothing(const struct input *input)
{
	struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};
	int n = 0;

	if (poll(&poll_fd, 1, 0) <= 0)
		return 0;
	if (poll_fd.revents & (POLLERR | POLLNVAL | POLLHUP))
		return -EIO;
	/* Readable, and nothing to read: the end. */
	return ioctl(input->fd, FIONREAD, &n) != 0 || n == 0 ? -EIO : 0;
}

int input_next(struct input *input, uint32_t *ret_key)
{
	for (;;) {
		const int code = wgetch(input->pad);
		uint32_t key;

		if (code == ERR)
			return why_nothing(input);
		if (code >= 0x80 && code <= 0xff) {
			key = add_byte(input, (unsigned char)code);
		} else {
			input->n_bytes = 0;
			key = key_of_code(code);
		}
		if (key) {
			*ret_key = key;
			return 1;
		}
	}
}
