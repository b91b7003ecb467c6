/* SPDX-License-Identifier: Apache-2.0 */
#include "term/keys.h"

#include "base/memory.h"
#include "base/utf8.h"
#include "term/output.h"

#include <poll.h>
#include <string.h>

enum { BEL = 7, CAN = 0x18, SUB = 0x1a, ESC = 0x1b, DEL = 0x7f };

void keys_decoder_init(
        struct keys_decoder *decoder, const struct keys_sequence *sequences, size_t n_sequences)
{
	*decoder = (struct keys_decoder){
	        .sequences = sequences, .n_sequences = n_sequences, .escape_ms = DECODER_ESCAPE_MS};
}

/* --- the decoder: events ------------------------------------------------------------------ */

static void emit(struct keys_decoder *decoder, struct event event)
{
	if (decoder->n_events < DECODER_EVENTS)
		decoder->events[decoder->n_events++] = event;
}

/* Keys in pasted text are dropped: only text is passed on. */
static void emit_key(struct keys_decoder *decoder, uint32_t key)
{
	if (!decoder->is_pasting)
		emit(decoder, (struct event){.kind = EVENT_KEY, .key = key});
	else if (key >= 0x20 && key != DEL && key < NSB_KEY_UP)
		emit(decoder, (struct event){.kind = EVENT_PASTE, .key = key});
}

static void restart(struct keys_decoder *decoder)
{
	decoder->state = DECODER_GROUND;
	decoder->n = 0;
	decoder->is_reported = false;
}

static void keep(struct keys_decoder *decoder, unsigned char byte)
{
	/* No known sequence is longer. The bytes beyond are dropped; the end is still recognised.
	 */
	if (decoder->n < DECODER_BYTES)
		decoder->bytes[decoder->n++] = (char)byte;
}

/* Returns the key of the sequence in decoder->bytes; 0 if no key has it. */
static uint32_t known_key(const struct keys_decoder *decoder)
{
	for (size_t i = 0; i < decoder->n_sequences; i++) {
		const char *bytes = decoder->sequences[i].bytes;

		if (strncmp(bytes, decoder->bytes, decoder->n) == 0 && !bytes[decoder->n])
			return decoder->sequences[i].key;
	}
	return 0;
}

static void finish_key(struct keys_decoder *decoder)
{
	const uint32_t key = known_key(decoder);

	if (key)
		emit_key(decoder, key);
	restart(decoder);
}

/* --- characters --------------------------------------------------------------------------- */

/* Returns the length of a UTF-8 character with this first byte; 0 if none begins so. */
static size_t length_of(unsigned char first)
{
	return first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

static void put_ground(struct keys_decoder *decoder, unsigned char byte)
{
	if (byte >= 0x20 && byte < 0x80) {
		emit_key(decoder, byte);
		return;
	}
	if (byte >= 0x80 && !length_of(byte))
		return;
	keep(decoder, byte);
	if (byte == ESC) {
		decoder->state = DECODER_ESCAPE;
	} else if (byte >= 0x80) {
		decoder->state = DECODER_CHARACTER;
	} else {
		uint32_t key = known_key(decoder);

		if (!key)
			key = byte == '\b' ? DEL : byte == '\n' ? '\r' : byte;
		if (key)
			emit_key(decoder, key);
		restart(decoder);
	}
}

static void put_afresh(struct keys_decoder *decoder, unsigned char byte)
{
	restart(decoder);
	put_ground(decoder, byte);
}

static void put_character(struct keys_decoder *decoder, unsigned char byte)
{
	char32_t c;

	if (byte < 0x80 || byte >= 0xc0) {
		put_afresh(decoder, byte);
		return;
	}
	keep(decoder, byte);
	const size_t wanted = length_of((unsigned char)decoder->bytes[0]);
	if (decoder->n < wanted)
		return;
	if (utf8_decode(decoder->bytes, wanted, &c) == wanted)
		emit_key(decoder, c);
	restart(decoder);
}

/* --- sequences ---------------------------------------------------------------------------- */

static void put_escape(struct keys_decoder *decoder, unsigned char byte)
{
	static const struct {
		char byte;
		enum decoder_state state;
	} introducers[] = {{'[', DECODER_CSI}, {'O', DECODER_SS3}, {']', DECODER_STRING},
	        {'P', DECODER_STRING}, {'_', DECODER_STRING}, {'^', DECODER_STRING},
	        {'X', DECODER_STRING}};

	keep(decoder, byte);
	for (size_t i = 0; i < ARRAY_SIZE(introducers); i++) {
		if (introducers[i].byte == (char)byte) {
			decoder->state = introducers[i].state;
			return;
		}
	}
	if (known_key(decoder)) {
		finish_key(decoder);
		return;
	}
	/* The ESC was the Esc key, and this byte is the next key. */
	emit_key(decoder, ESC);
	put_afresh(decoder, byte);
}

/* This byte is not valid inside a sequence. */
static void break_off(struct keys_decoder *decoder, unsigned char byte)
{
	keys_decoder_end(decoder);
	put_ground(decoder, byte);
}

static void put_ss3(struct keys_decoder *decoder, unsigned char byte)
{
	if (byte < 0x20 || byte >= DEL) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	/* Modifiers precede the letter: ESC O 5 P. */
	if (byte >= 0x40)
		finish_key(decoder);
}

/* Reads the numbers of `ESC [ < B ; X ; Y M`; returns false if the sequence has another form. */
static bool read_mouse(const struct keys_decoder *decoder, unsigned numbers[static 3])
{
	size_t n = 0;

	memset(numbers, 0, 3 * sizeof(*numbers));
	for (size_t i = 3; i + 1 < decoder->n; i++) {
		const char c = decoder->bytes[i];

		if (c == ';' && ++n < 3)
			continue;
		if (c < '0' || c > '9' || numbers[n] > 99999)
			return false;
		numbers[n] = numbers[n] * 10 + (unsigned)(c - '0');
	}
	return n == 2 && decoder->n < DECODER_BYTES && numbers[1] && numbers[2];
}

/* Modifiers (Shift, Alt, Ctrl) are ignored. */
static void finish_mouse(struct keys_decoder *decoder, bool is_release)
{
	static const struct {
		unsigned button;
		enum mouse_kind kind;
	} kinds[] = {
	        {0, MOUSE_PRESS}, {32, MOUSE_DRAG}, {64, MOUSE_WHEEL_UP}, {65, MOUSE_WHEEL_DOWN}};
	const unsigned held = 4 | 8 | 16;
	unsigned numbers[3];

	if (!decoder->has_mouse || decoder->is_pasting || !read_mouse(decoder, numbers))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		if (kinds[i].button != (numbers[0] & ~held))
			continue;
		if (is_release && kinds[i].kind != MOUSE_PRESS)
			return;
		emit(decoder, (struct event){.kind = EVENT_MOUSE,
		                      .mouse = {
		                              .kind = is_release ? MOUSE_RELEASE : kinds[i].kind,
		                              .row = (int)numbers[2] - 1,
		                              .column = (int)numbers[1] - 1,
		                      }});
	}
}

static bool is_sequence(const struct keys_decoder *decoder, const char *bytes)
{
	return decoder->n == strlen(bytes) && memcmp(decoder->bytes, bytes, decoder->n) == 0;
}

static void finish_csi(struct keys_decoder *decoder, unsigned char last)
{
	if (is_sequence(decoder, "\033[200~")) {
		decoder->is_pasting = true;
	} else if (is_sequence(decoder, "\033[201~")) {
		decoder->is_pasting = false;
	} else if (is_sequence(decoder, "\033[M")) {
		decoder->state = DECODER_X10_MOUSE;
		return;
	} else if (decoder->bytes[2] == '<' && (last == 'M' || last == 'm')) {
		finish_mouse(decoder, last == 'm');
	} else {
		finish_key(decoder);
		return;
	}
	restart(decoder);
}

static void put_csi(struct keys_decoder *decoder, unsigned char byte)
{
	if (byte < 0x20 || byte >= DEL) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	/* F1 to F5 of the Linux console: ESC [ [ A. */
	const bool is_second_bracket = byte == '[' && decoder->n == 3;
	if (byte >= 0x40 && !is_second_bracket)
		finish_csi(decoder, byte);
}

static void put_x10_mouse(struct keys_decoder *decoder, unsigned char byte)
{
	if (byte < 0x20) {
		break_off(decoder, byte);
		return;
	}
	keep(decoder, byte);
	if (decoder->n == strlen("\033[Mbxy"))
		restart(decoder);
}

/* A control string, such as the answer to a query of another program: ignored. */
static void put_string(struct keys_decoder *decoder, unsigned char byte)
{
	keep(decoder, byte);
	if (byte == BEL || byte == CAN || byte == SUB)
		restart(decoder);
	else if (byte == ESC)
		decoder->state = DECODER_STRING_ESCAPE;
	else if (byte < 0x20)
		break_off(decoder, byte);
}

static void put_string_escape(struct keys_decoder *decoder, unsigned char byte)
{
	restart(decoder);
	if (byte == '\\')
		return;
	put_ground(decoder, ESC);
	put_escape(decoder, byte);
}

void keys_decoder_put(struct keys_decoder *decoder, unsigned char byte, uint64_t now_ms)
{
	static void (*const states[])(struct keys_decoder *, unsigned char) = {
	        [DECODER_GROUND] = put_ground,
	        [DECODER_CHARACTER] = put_character,
	        [DECODER_ESCAPE] = put_escape,
	        [DECODER_SS3] = put_ss3,
	        [DECODER_CSI] = put_csi,
	        [DECODER_X10_MOUSE] = put_x10_mouse,
	        [DECODER_STRING] = put_string,
	        [DECODER_STRING_ESCAPE] = put_string_escape,
	};

	/* A `[` or `O` soon after an ESC that was reported as the Esc key. On a slow line that ESC
	 * began a sequence; the rest of it must not act as keys. */
	if ((byte == '[' || byte == 'O') && decoder->ended_ms && decoder->state == DECODER_GROUND &&
	        now_ms - decoder->ended_ms < DECODER_SEQUENCE_MS) {
		keep(decoder, ESC);
		decoder->state = DECODER_ESCAPE;
		decoder->is_reported = true;
	}
	decoder->ended_ms = 0;
	decoder->last_ms = now_ms;
	states[decoder->state](decoder, byte);
}

/* --- time --------------------------------------------------------------------------------- */

uint64_t keys_decoder_ends_at(const struct keys_decoder *decoder)
{
	/* A paste ends only with its end sequence: after a timeout the rest would act as keys. */
	if (decoder->is_pasting)
		return 0;
	switch (decoder->state) {
	case DECODER_GROUND:
	case DECODER_CHARACTER:
		return 0;
	case DECODER_ESCAPE:
		return decoder->last_ms + decoder->escape_ms;
	default:
		return decoder->last_ms + (decoder->is_reported && decoder->n == 2
		                                          ? DECODER_LATE_MS
		                                          : DECODER_SEQUENCE_MS);
	}
}

/* A sequence of two bytes only was two keys: Esc and the one after it. */
void keys_decoder_end(struct keys_decoder *decoder)
{
	const bool is_escape = decoder->state == DECODER_ESCAPE;
	const bool is_begun = decoder->state != DECODER_CHARACTER && decoder->n == 2;
	const unsigned char second = (unsigned char)decoder->bytes[1];

	if (is_escape)
		decoder->ended_ms = decoder->last_ms;
	if ((is_escape || is_begun) && !decoder->is_reported)
		emit_key(decoder, ESC);
	if (is_begun)
		emit_key(decoder, second);
	restart(decoder);
}

bool keys_decoder_take(struct keys_decoder *decoder, struct event *ret)
{
	if (!decoder->n_events)
		return false;
	*ret = decoder->events[0];
	decoder->n_events--;
	memmove(decoder->events, decoder->events + 1, decoder->n_events * sizeof(*decoder->events));
	return true;
}

/* --- the keys of this terminal ------------------------------------------------------------ */

static const struct {
	const char *name; /* terminfo(5) */
	uint32_t key;
} capabilities[] = {
        /* cursor and editing keys; kfnd \e[1~ and kslt \e[4~: the Linux console and PuTTY */
        {"kcuu1", NSB_KEY_UP}, {"kcud1", NSB_KEY_DOWN}, {"kcub1", NSB_KEY_LEFT},
        {"kcuf1", NSB_KEY_RIGHT}, {"khome", NSB_KEY_HOME}, {"kfnd", NSB_KEY_HOME},
        {"kend", NSB_KEY_END}, {"kslt", NSB_KEY_END}, {"kpp", NSB_KEY_PAGE_UP},
        {"knp", NSB_KEY_PAGE_DOWN}, {"kdch1", NSB_KEY_DELETE}, {"kcbt", NSB_KEY_BACKTAB},
        {"kbs", 127}, {"kent", '\r'},
        /* arrows with Shift: some entries have the sequence of an arrow alone */
        {"kri", NSB_KEY_SHIFT_UP}, {"kind", NSB_KEY_SHIFT_DOWN}, {"kLFT", NSB_KEY_SHIFT_LEFT},
        {"kRIT", NSB_KEY_SHIFT_RIGHT},
        /* function keys */
        {"kf1", NSB_KEY_F0 + 1}, {"kf2", NSB_KEY_F0 + 2}, {"kf3", NSB_KEY_F0 + 3},
        {"kf4", NSB_KEY_F0 + 4}, {"kf5", NSB_KEY_F0 + 5}, {"kf6", NSB_KEY_F0 + 6},
        {"kf7", NSB_KEY_F0 + 7}, {"kf8", NSB_KEY_F0 + 8}, {"kf9", NSB_KEY_F0 + 9},
        {"kf10", NSB_KEY_F0 + 10}, {"kf11", NSB_KEY_F0 + 11}, {"kf12", NSB_KEY_F0 + 12}};

/* Sequences that terminals send although their terminfo entry does not have them: cursor keys in
 * the other mode (DECCKM), and keys of other terminals. */
static const struct keys_sequence other_sequences[] = {
        /* cursor and editing keys */
        {"\033[A", NSB_KEY_UP}, {"\033[B", NSB_KEY_DOWN}, {"\033[C", NSB_KEY_RIGHT},
        {"\033[D", NSB_KEY_LEFT}, {"\033[H", NSB_KEY_HOME}, {"\033[F", NSB_KEY_END},
        {"\033OA", NSB_KEY_UP}, {"\033OB", NSB_KEY_DOWN}, {"\033OC", NSB_KEY_RIGHT},
        {"\033OD", NSB_KEY_LEFT}, {"\033OH", NSB_KEY_HOME}, {"\033OF", NSB_KEY_END},
        {"\033[1~", NSB_KEY_HOME}, {"\033[4~", NSB_KEY_END}, {"\033[7~", NSB_KEY_HOME},
        {"\033[8~", NSB_KEY_END}, {"\033[3~", NSB_KEY_DELETE}, {"\033[5~", NSB_KEY_PAGE_UP},
        {"\033[6~", NSB_KEY_PAGE_DOWN}, {"\033[Z", NSB_KEY_BACKTAB},
        /* arrows with Shift: xterm and most others, rxvt */
        {"\033[1;2A", NSB_KEY_SHIFT_UP}, {"\033[1;2B", NSB_KEY_SHIFT_DOWN},
        {"\033[1;2C", NSB_KEY_SHIFT_RIGHT}, {"\033[1;2D", NSB_KEY_SHIFT_LEFT},
        {"\033[a", NSB_KEY_SHIFT_UP}, {"\033[b", NSB_KEY_SHIFT_DOWN},
        {"\033[c", NSB_KEY_SHIFT_RIGHT}, {"\033[d", NSB_KEY_SHIFT_LEFT},
        /* function keys */
        {"\033OP", NSB_KEY_F0 + 1}, {"\033OQ", NSB_KEY_F0 + 2}, {"\033OR", NSB_KEY_F0 + 3},
        {"\033OS", NSB_KEY_F0 + 4}, {"\033[11~", NSB_KEY_F0 + 1}, {"\033[12~", NSB_KEY_F0 + 2},
        {"\033[13~", NSB_KEY_F0 + 3}, {"\033[14~", NSB_KEY_F0 + 4}, {"\033[15~", NSB_KEY_F0 + 5},
        {"\033[17~", NSB_KEY_F0 + 6}, {"\033[18~", NSB_KEY_F0 + 7}, {"\033[19~", NSB_KEY_F0 + 8},
        {"\033[20~", NSB_KEY_F0 + 9}, {"\033[21~", NSB_KEY_F0 + 10}, {"\033[23~", NSB_KEY_F0 + 11},
        {"\033[24~", NSB_KEY_F0 + 12},
        /* the keypad in application mode */
        {"\033OM", '\r'}, {"\033Oj", '*'}, {"\033Ok", '+'}, {"\033Ol", ','}, {"\033Om", '-'},
        {"\033On", '.'}, {"\033Oo", '/'}, {"\033Op", '0'}, {"\033Oq", '1'}, {"\033Or", '2'},
        {"\033Os", '3'}, {"\033Ot", '4'}, {"\033Ou", '5'}, {"\033Ov", '6'}, {"\033Ow", '7'},
        {"\033Ox", '8'}, {"\033Oy", '9'}};

/* Appends what terminfo(5) has for arrows with Shift, or for all other keys. */
static size_t add_capabilities(struct keys_sequence *sequences, size_t n, bool with_shift)
{
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		const char *bytes = output_capability(capabilities[i].name);

		if (bytes && *bytes && (capabilities[i].key >= NSB_KEY_SHIFT_UP) == with_shift)
			sequences[n++] = (struct keys_sequence){bytes, capabilities[i].key};
	}
	return n;
}

void keys_input_init(struct keys_input *input, int fd, bool has_mouse)
{
	const size_t most = ARRAY_SIZE(capabilities) + ARRAY_SIZE(other_sequences);
	struct keys_sequence *sequences = memory_new(most * sizeof(*sequences));
	const char *delay = getenv("ESCDELAY");
	/* The sequences of terminfo(5) come first, so that they take precedence; but no arrow with
	 * Shift before one without. */
	size_t n = add_capabilities(sequences, 0, false);

	memcpy(sequences + n, other_sequences, sizeof(other_sequences));
	n = add_capabilities(sequences, n + ARRAY_SIZE(other_sequences), true);
	*input = (struct keys_input){.fd = fd, .sequences = sequences};
	keys_decoder_init(&input->decoder, sequences, n);
	input->decoder.has_mouse = has_mouse;
	if (delay && *delay >= '0' && *delay <= '9')
		input->decoder.escape_ms = (unsigned)strtoul(delay, NULL, 10);
}

void keys_input_set_mouse(struct keys_input *input, bool has_mouse)
{
	input->decoder.has_mouse = has_mouse;
}

void keys_input_release(struct keys_input *input)
{
	free(input->sequences);
	input->sequences = NULL;
}

/* Reads what is available, without waiting. Returns false if there is nothing. */
static bool fill(struct keys_input *input)
{
	struct pollfd poll_fd = {.fd = input->fd, .events = POLLIN};

	if (input->is_gone || poll(&poll_fd, 1, 0) <= 0)
		return false;
	const ssize_t n = read(input->fd, input->bytes, sizeof(input->bytes));
	input->at = 0;
	input->n = n > 0 ? (size_t)n : 0;
	/* Readable without data: the terminal hung up. */
	input->is_gone = n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
	return n > 0;
}

int keys_input_next(struct keys_input *input, uint64_t now_ms, struct event *ret)
{
	struct keys_decoder *decoder = &input->decoder;

	while (!keys_decoder_take(decoder, ret)) {
		const uint64_t ends_at = keys_decoder_ends_at(decoder);

		if (input->at < input->n || fill(input))
			keys_decoder_put(decoder, input->bytes[input->at++], now_ms);
		else if (ends_at && now_ms >= ends_at)
			keys_decoder_end(decoder);
		else
			return input->is_gone ? -EIO : 0;
	}
	return 1;
}

uint64_t keys_input_wakes_at(const struct keys_input *input)
{
	const struct keys_decoder *decoder = &input->decoder;

	/* poll(2) does not report bytes that were read already. One byte can make two keys, if it
	 * shows that the ESC before was the Esc key. */
	return input->at < input->n || decoder->n_events ? 1 : keys_decoder_ends_at(decoder);
}
