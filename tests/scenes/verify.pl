#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# In a scene: holds its truth (scene.h) against the kernel, by reading links and mountinfo and by
# asking for relations, without any code of ours. What is there must be in the truth, what is in the
# truth must be there. Prints the figures; each difference is a line on standard error and exit 1.
use strict;
use warnings;
use Fcntl;

my $types = qr/user|pid|mnt|net|uts|ipc|cgroup|time/;
my @links = qw(user pid mnt net uts ipc cgroup time pid_for_children time_for_children);
my %number = map { split /=/ } split ' ', $ENV{SCENE_NUMBERS};
my $wrong = 0;

sub wrong { print STDERR "verify: @_\n"; $wrong++; }

# --- what the truth says ---

my (%holder, %maybe, %ns, %world, %born, @absent, @unborn, @same);

# The escape rule of base/escape.h, backwards.
sub raw {
	my $text = shift;
	$text =~ s/\\(?:x([0-9a-f]{2})|u\{([0-9a-f]+)\}|(\\))/
		defined $1 ? chr hex $1 : defined $2 ? do { my $c = chr hex $2; utf8::encode($c); $c } : $3/gex;
	return $text;
}

open my $truth, '<', $ENV{SCENE_TRUTH} or die "truth: $!";
while (<$truth>) {
	chomp;
	my @f = split /\t/, $_, -1;
	if ($f[0] eq 'absent') { push @absent, "$f[1] $f[2]" }
	elsif ($f[0] eq 'maybe') { $maybe{"$f[1] $f[2] $f[3] $f[4]"} = 1 }
	elsif ($f[0] eq 'unborn') { push @unborn, [@f[1, 2]] }
	elsif ($f[0] eq 'same') { push @same, "$f[2] $f[3]" }
	elsif ($f[0] =~ /^(?:again|lacks)$/) { next }
	elsif ($f[0] eq 'born') { $born{"$f[2] $f[3]"} = 1 }
	else {
		my ($type, $inode, $kind, $detail, $parent, $owner, $mnt) = @f;
		wrong("malformed: $_") if $type !~ /^$types$/ or $inode !~ /^\d+$/ or @f != ($kind =~ /^(?:mount|pin)$/ ? 7 : 6);
		my $known = $ns{"$type $inode"} //= [$parent, $owner];
		wrong("two truths of $type $inode") if "@$known" ne "$parent $owner";
		$detail = raw($detail) . " $mnt" if $kind =~ /^(?:mount|pin)$/;
		$holder{"$type $inode $kind $detail"} = 1;
		$world{"$type $inode"} = 1 if $kind eq 'process' and $detail eq '1';
	}
}

# --- what the kernel says ---

my (%seen, %door, %proc); # holders; a way to open each; mounts of proc

sub entries {
	opendir my $dir, shift or return;
	return grep { !/^\.\.?$/ } readdir $dir;
}

sub link_of {
	my $text = readlink shift;
	return defined $text && $text =~ /\A($types):\[(\d+)\]\z/ ? "$1 $2" : undef;
}

# A descriptor that was opened by a mount point has the path of that as text; its number is that of
# a namespace all the same (proc_pid_fdinfo(5), Linux 5.14). Nothing is opened or asked.
sub mounted_of {
	my ($link, $info) = @_;
	return unless (readlink($link) // '') =~ m{\A/};
	open my $file, '<', $info or return;
	my ($inode) = map { /^ino:\t(\d+)$/ ? $1 : () } <$file>;
	return unless defined $inode && $inode >= 0xf0000000;
	my ($ns) = grep { / $inode\z/ } keys %ns;
	return $ns;
}

sub saw {
	my ($ns, $kind, $detail, $door) = @_;
	$seen{"$ns $kind $detail"} = 1;
	# What comes and goes may be a FIFO or worse when it is opened.
	$door{$ns} //= $door if defined $door and !$maybe{"$ns $kind $detail"};
}

sub look_at_task {
	my ($pid, $tid, $leader) = @_;
	my $path = "/proc/$pid/task/$tid";
	my %own;
	# By name: what has no memory any more (zombies) lets nobody but root list them.
	for my $type (@links) {
		my $ns = link_of("$path/ns/$type") or next;
		$own{$type} = $ns;
		next if $type =~ /_for_children$/;
		if ($tid == $pid) { saw($ns, 'process', $pid, "$path/ns/$type") }
		elsif ($ns ne ($leader->{$type} // '')) { saw($ns, 'thread', "$pid/$tid", "$path/ns/$type") }
	}
	for my $type (grep { /_for_children$/ } keys %own) {
		my $now = $own{$type =~ s/_.*//r};
		saw($own{$type}, 'for_children', "$pid/$tid", "$path/ns/$type") if $own{$type} ne ($now // '');
	}
	for my $fd (entries("$path/fd")) {
		my $ns = link_of("$path/fd/$fd") // mounted_of("$path/fd/$fd", "$path/fdinfo/$fd") // next;
		$own{"fd $fd"} = $ns;
		if ($tid == $pid) { saw($ns, 'fd', "$pid/$fd", "$path/fd/$fd") }
		elsif ($ns ne ($leader->{"fd $fd"} // '')) { saw($ns, 'fd', "$pid/$tid/$fd", "$path/fd/$fd") }
	}
	return \%own;
}

for my $pid (sort { $a <=> $b } grep { /^\d+$/ } entries('/proc')) {
	next if $pid == $$;
	my $leader = {};
	for my $tid (sort { ($a != $pid) <=> ($b != $pid) } entries("/proc/$pid/task")) {
		my $own = look_at_task($pid, $tid, $leader);
		$leader = $own if $tid == $pid;
	}
}

# Each mount namespace once: through a member, or by going in.
sub mountinfo {
	my ($mnt, $door) = @_;
	my $in;
	if ($door =~ m{^(/proc/\d+/task/\d+)/ns/}) { open $in, '<', "$1/mountinfo" or return }
	else { open $in, '-|', 'nsenter', "--mount=$door", 'cat', '/proc/self/mountinfo' or return }
	return map { [$mnt, $door, split] } <$in>;
}

my $has_fuse = 0;
for my $mnt (grep { /^mnt / } keys %door) {
	my ($inode) = $mnt =~ /(\d+)/;
	for (mountinfo($inode, $door{$mnt})) {
		my (undef, $door, undef, undef, undef, $root, $point, @rest) = @$_;
		shift @rest while @rest and $rest[0] ne '-';
		my $fs = $rest[1] // '';
		$has_fuse = 1 if $fs eq 'fuse';
		$point =~ s/\\([0-7]{3})/chr oct $1/ge;
		$proc{"$point $inode"} = 1 if $fs eq 'proc';
		next unless $fs eq 'nsfs';
		wrong("nsfs mount with root $root") unless $root =~ /^($types):\[(\d+)\]$/;
		my $ns = "$1 $2";
		saw($ns, 'mount', "$point $inode");
		# Only where it is what one finds under its name.
		$door =~ s{/ns/mnt$}{/root$point} or next;
		push @{$door{"mounts $ns"}}, $door;
	}
}
for (map { /^mounts (.*)/ ? $1 : () } keys %door) {
	next if $has_fuse or $door{$_};
	for my $door (@{$door{"mounts $_"}}) {
		my @st = lstat $door or next;
		$door{$_} = $door if -f _ and $st[1] == (split)[1];
	}
}

# --- holders that only a question shows ---

sub inode_of { return (stat "/proc/self/fd/$_[0]")[1] }

for (grep { / socket / } keys %holder) {
	my ($pid, $tid, $fd) = m{ (\d+)/(?:(\d+)/)?(\d+)$};
	my $pidfd = syscall($number{pidfd_open} + 0, ($tid // $pid) + 0, defined $tid ? $number{PIDFD_THREAD} + 0 : 0);
	my $copy = $pidfd < 0 ? -1 : syscall($number{pidfd_getfd} + 0, $pidfd, $fd + 0, 0);
	if ($copy < 0 or !open my $socket, '+<&=', $copy) { wrong("$_: $!"); next }
	else {
		my $ns = ioctl($socket, $number{SIOCGSKNS}, 0);
		if (!$ns) { wrong("$_: SIOCGSKNS: $!"); next }
		my $name = 'net ' . inode_of($ns);
		saw($name, 'socket', defined $tid ? "$pid/$tid/$fd" : "$pid/$fd", "/proc/self/fd/$ns");
	}
}
for (grep { / flight / } keys %holder) {
	my ($pid, $fd) = m{(\d+)/(\d+)$};
	open my $info, '<', "/proc/$pid/fdinfo/$fd" or wrong("$_: $!") and next;
	my ($n) = map { /^scm_fds:\s*(\d+)/ ? $1 : () } <$info>; # Linux 5.10
	wrong("$_: no message with descriptors") if defined $n and $n == 0;
	$seen{$_} = 1;
}

for (grep { / unborn / } keys %holder) {
	my ($pid, $tid) = m{ (\d+)/(\d+)$};
	my $pidfd = syscall($number{pidfd_open} + 0, $tid + 0, $tid == $pid ? 0 : $number{PIDFD_THREAD} + 0);
	if ($pidfd < 0 or !open my $task, '<&=', $pidfd) { wrong("$_: $!"); next }
	else {
		my $ns = ioctl($task, $number{PIDFD_GET_PID_FOR_CHILDREN_NAMESPACE}, 0);
		if (!$ns) { wrong("$_: $!"); next }
		saw('pid ' . inode_of($ns), 'unborn', "$pid/$tid", "/proc/self/fd/$ns");
	}
}
# Of a proc nothing says more than that it is one.
for (grep { / pin / } keys %holder) {
	my ($where) = / pin (.*)$/s;
	$seen{$_} = 1 if $proc{$where};
}

# --- relations, climbed from all that can be opened ---

my %reached;

sub related {
	my ($file, $request) = @_;
	my $fd = ioctl($file, $request, 0);
	return unless $fd;
	open my $above, '<&=', $fd or die "fdopen: $!";
	return $above;
}

sub climb {
	my ($ns, $file) = @_;
	return if $reached{$ns}++;
	my ($type, $inode) = split / /, $ns;
	my $expected = $ns{$ns};
	if (!$expected) { wrong("not in the truth: $ns"); return }
	my $owner = related($file, $number{NS_GET_USERNS});
	my $parent = $type =~ /^(user|pid)$/ ? related($file, $number{NS_GET_PARENT}) : undef;
	my @is = map { $_ ? inode_of(fileno $_) : '-' } $parent, $owner;
	wrong("$ns: parent and owner are @is, not @$expected") if "@is" ne "@$expected";
	if ($parent) {
		saw("$type $is[0]", 'child', "$type:[$inode]");
		climb("$type $is[0]", $parent);
	}
	if ($owner) {
		saw("user $is[1]", 'owns', "$type:[$inode]") if $type ne 'user';
		climb("user $is[1]", $owner);
	}
}

for my $ns (grep { !/^mounts / } keys %door) {
	sysopen my $file, $door{$ns}, O_RDONLY | O_NONBLOCK or next;
	next if inode_of(fileno $file) != (split / /, $ns)[1];
	climb($ns, $file);
}

# --- both together ---

for (sort keys %seen) {
	my ($ns) = /^(\S+ \d+)/;
	next if $holder{$_} or $maybe{$_};
	wrong("not in the truth: $_") unless / (?:process|thread) / and $world{$ns};
}
for (sort keys %holder) {
	next if $seen{$_};
	# Of what cannot be opened from here (it is mounted behind something) we learn no relations.
	my ($below) = / (?:child|owns) (\S+)$/;
	next if $below and $below =~ /^($types):\[(\d+)\]$/ and !$reached{"$1 $2"};
	wrong("not there: $_");
}
my %is_there = map { /^(\S+ \d+)/ ? ($1 => 1) : () } keys %seen;
for (keys %ns) { wrong("nothing shows $_") unless $is_there{$_} or $reached{$_} }
for (@absent) { wrong("there: $_") if $is_there{$_} or $ns{$_} }
for (@same) { wrong("not alive: $_") unless $is_there{$_} }
for (keys %born) { wrong("of a process: $_") if grep { /^\Q$_\E (?:process|thread) / } keys %seen }
for (@unborn) {
	my ($type, $task) = @$_;
	my ($pid, $tid) = split m{/}, $task;
	wrong("born: $type $task") if defined readlink "/proc/$pid/task/$tid/ns/${type}_for_children";
}
printf "%d namespaces, %d holders, %d relations asked, %d wrong\n", scalar keys %ns, scalar keys %holder,
	scalar keys %reached, $wrong;
exit($wrong ? 1 : 0);
