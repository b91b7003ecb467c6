#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# Compares what nsbrowse --json said in a guest with what was planted there: compare.pl DIR VARIANTS
#
# DIR has the files of guest.sh, VARIANTS is the file that lists the scans. Prints a line for each scan
# and case, with tabs, each difference is a line on standard error and exit 1:
#
#   VARIANT CASE FOUND CAN PLANTED   namespaces; CAN: of how many this kernel and scan say a number
#   VARIANT - STATUS TEXT            the scan: `pass` or `fail`, and the sum
use strict;
use warnings;
use JSON::PP;

my ($dir, $variants) = @ARGV;
my $wrong;
my $variant = '';

sub wrong { print STDERR "compare: $variant: @_\n"; $wrong++; }

sub content {
	open my $file, '<', "$dir/$_[0]" or return '';
	local $/;
	return <$file> // '';
}

# --- what was planted (tests/scenes/scene.h) ---

# By "TYPE INODE": {holders}{"KIND DETAIL"}, relations. Those of the process that built it have more
# members than are planted.
my (%planted, %world, %call, @unborn, @pins);
# The scene is in the initial PID namespace.
my $is_host = 0;

sub plant {
	my ($type, $inode, $kind, $detail, $parent, $owner, $mnt) = @_;
	my $ns = $planted{"$type $inode"} //= {type => $type, relations => "$parent $owner", holders => {}};
	$detail .= " $mnt" if $kind eq 'mount' or $kind eq 'pin';
	$ns->{holders}{"$kind $detail"} = 1;
	push @pins, $detail if $kind eq 'pin';
}

sub read_truth {
	my $builder = 1;
	for (split /\n/, content('truth')) {
		my @f = split /\t/, $_, -1;
		if ($f[0] eq 'world') { $builder = $f[1]; $is_host = 1 }
		elsif ($f[0] eq 'unborn') { push @unborn, $f[2] }
		elsif ($f[0] eq 'born') { $call{"$f[2] $f[3]"} = $f[1] }
		elsif ($f[0] !~ /^(?:absent|maybe|same|again|lacks)$/) { plant(@f) }
	}
	for my $ns (keys %planted) { $world{$ns} = 1 if $planted{$ns}{holders}{"process $builder"} }
}

# --- what a kernel and a scan can show ---

# Of a scan: its sources, the interfaces that it may use, the version of the kernel.
my (%source, %uses, $version);

sub is_at_least { my ($major, $minor) = @_; return $version >= $major * 1000 + $minor }

# The lists are permitted in the initial PID namespace only. Of the first one, each is opened by its id.
sub lists_all { return $is_host && $source{listns} && $uses{l} && $uses{i} && is_at_least(6, 19) }
sub lists_mounts { return $is_host && $source{mntns} && $uses{m} && is_at_least(6, 12) }
sub shows_unborn { return is_at_least(7, 1) || ($uses{p} && is_at_least(6, 11)) }

# What shows a namespace by each holder. Of a mount it is its mount namespace that must be found.
my %shows = (
	process => sub { 1 },
	thread => sub { $source{thread} },
	# One that was opened by its mount is recognized by that.
	fd => sub { $source{fd} && ($source{mount} || !has($_[2], 'mount')) },
	socket => sub { $source{socket} && is_at_least(5, 6) },
	mount => sub { my ($mnt) = $_[0] =~ / (\d+)$/; $source{mount} && is_shown("mnt $mnt", $_[1]) },
	for_children => sub { my ($pid, $tid) = split m{/}, $_[0]; $pid == $tid || $source{thread} },
	unborn => sub { my ($pid, $tid) = split m{/}, $_[0]; shows_unborn() && ($pid == $tid || $source{thread}) },
	child => sub { is_shown(name_of($_[0]), $_[1]) },
	owns => sub { is_shown(name_of($_[0]), $_[1]) },
	flight => sub { 0 },
	pin => sub { 0 },
);

sub name_of { return $_[0] =~ /^(\w+):\[(\d+)\]$/ ? "$1 $2" : $_[0] }

# listns(2) has all but network namespaces that only a socket keeps, PID namespaces that only a mount of
# proc keeps, and what only these keep.
sub is_listed {
	my ($name, $seen) = @_;
	return 0 if $seen->{"listed $name"}++ or !$planted{$name};
	for (keys %{$planted{$name}{holders}}) {
		my ($kind, $detail) = /^(\S+) (.*)$/;
		return 1 if $kind !~ /^(?:socket|pin|child|owns)$/;
		return 1 if $kind =~ /^(?:child|owns)$/ and is_listed(name_of($detail), $seen);
	}
	return 0;
}

sub is_shown {
	my ($name, $seen) = @_;
	return 0 if !$planted{$name};
	return 1 if $world{$name};
	return $seen->{$name} if exists $seen->{$name};
	$seen->{$name} = 0;
	my $result = $planted{$name}{type} eq 'mnt' && lists_mounts() || lists_all() && is_listed($name, {});
	for (keys %{$planted{$name}{holders}}) {
		my ($kind, $detail) = /^(\S+) (.*)$/;
		$result ||= $shows{$kind}->($detail, $seen, $name);
	}
	return $seen->{$name} = $result ? 1 : 0;
}

# --- cases ---

# In this order: the first that fits.
my $future = 'pid_for_children only';
my @cases = (
	['open_tree, no process', sub { ($call{$_[0]} // '') eq 'open_tree' }],
	['fsmount, no process', sub { ($call{$_[0]} // '') eq 'fsmount' }],
	['process', sub { has($_[0], 'process') }],
	['thread only', sub { has($_[0], 'thread') }],
	['time_for_children only', sub { has($_[0], 'for_children') && $_[0] =~ /^time / }],
	[$future, sub { has($_[0], 'for_children') || has($_[0], 'unborn') }],
	['descriptor only', sub { has($_[0], 'fd') }],
	['mount only', sub { has($_[0], 'mount') && !is_in_orphan($_[0]) }],
	['mount, in a mnt without process', sub { has($_[0], 'mount') }],
	['socket only', sub { has($_[0], 'socket') }],
	['mount of proc only', sub { has($_[0], 'pin') }],
	['in flight only', sub { has($_[0], 'flight') }],
	['hidden: children or owned only', sub { 1 }],
);

sub has { my ($name, $kind) = @_; return grep { /^$kind / } keys %{$planted{$name}{holders}} }

sub is_in_orphan {
	my @in = map { /^mount .* (\d+)$/ ? "mnt $1" : () } keys %{$planted{$_[0]}{holders}};
	return !grep { $planted{$_} && (has($_, 'process') || has($_, 'thread')) } @in;
}

sub case_of {
	my $name = shift;
	for (@cases) { return $_->[0] if $_->[1]->($name) }
}

# --- what was found ---

# Of a snapshot by "TYPE INODE": {relations}, {holders}, {uid}. And processes with a PID namespace that
# is not born, mounts of proc without a process.
sub holder_of {
	my $holder = shift;
	my $kind = $holder->{by};
	return "$kind $holder->{path} " . ($holder->{mnt} // 0) if $kind eq 'mount';
	return "$kind $holder->{type}:[$holder->{inode}]" if $kind eq 'owns';
	return "$kind $holder->{pid}/$holder->{tid}" if $kind =~ /^(?:thread|for_children)$/;
	return join '/', "$kind $holder->{pid}", $holder->{tid} // (), $holder->{fd} if $kind =~ /^(?:fd|socket)$/;
	return $kind;
}

sub read_snapshot {
	my $text = content(shift);
	my $json = eval { JSON::PP->new->utf8->decode($text) };
	if (!$json) { wrong('no JSON'); return }
	my %found;
	for my $ns (@{$json->{namespaces}}) {
		my %holders = map { ($_->{by} eq 'child' ? "child $ns->{type}:[$_->{inode}]" : holder_of($_)) => 1 } @{$ns->{held_by}};
		$found{"$ns->{type} $ns->{inode}"} = {holders => \%holders, json => $ns,
			relations => ($ns->{parent} // '-') . ' ' . ($ns->{owner} // '-')};
	}
	for my $process (grep { !$_->{self} } @{$json->{processes}}) {
		for my $type (keys %{$process->{namespaces}}) {
			my $inode = $process->{namespaces}{$type} // next;
			$found{"$type $inode"}{holders}{"process $process->{pid}"} = 1;
		}
	}
	my %unborn = map { $_->{unborn} ? ("$_->{pid}/$_->{pid}" => 1) : () } @{$json->{processes}};
	my %pins = map { ("$_->{path} $_->{mnt}" => 1) } @{$json->{pins} // []};
	return {found => \%found, unborn => \%unborn, pins => \%pins, host => $json->{host}, notes => $json->{notes}};
}

# Of what only the list of the kernel shows, no holder is known.
sub compare_holders {
	my ($name, $found, $seen) = @_;
	return if $world{$name};
	for (sort keys %{$planted{$name}{holders}}) {
		my ($kind, $detail) = /^(\S+) (.*)$/;
		next if $kind =~ /^(?:flight|unborn|pin)$/ or $found->{holders}{$_};
		wrong("$name: not held by $_") if $shows{$kind}->($detail, $seen, $name);
	}
	for (sort keys %{$found->{holders}}) {
		next if $planted{$name}{holders}{$_};
		next if m{^for_children (.*)$} and $planted{$name}{holders}{"unborn $1"};
		wrong("$name: invented holder $_");
	}
}

sub compare_found {
	my ($name, $found, $seen) = @_;
	my $should = $planted{$name}{relations};
	wrong("$name: parent and owner are $found->{relations}, not $should") if $found->{relations} ne $should;
	wrong("$name: owner_uid is not known") if $planted{$name}{type} eq 'user' and !defined $found->{json}{owner_uid};
	compare_holders($name, $found, $seen);
}

# Those without a number are said to exist on each kernel. Before Linux 6.11 the truth has none of
# PID namespaces before the first fork, either.
sub compare_unnumbered {
	my ($snapshot, $sum) = @_;
	for my $task (@unborn) {
		my ($pid, $tid) = split m{/}, $task;
		my ($name) = grep { $planted{$_}{holders}{"unborn $task"} } keys %planted;
		$sum->{planted}++ if !$name;
		next if $pid != $tid or ($name and $snapshot->{found}{$name});
		wrong("$task: not said to have a PID namespace for its first child") unless $snapshot->{unborn}{$task};
	}
	return if !$source{mount};
	for (@pins) { wrong("$_: no pin") unless $snapshot->{pins}{$_} }
}

# The list of the kernel and the other sources differ by what only the list has, and by nothing else.
# Mount namespaces are listed in another way, too.
sub compare_notes {
	my $snapshot = shift;
	my (%listed, %noted);
	for (values %{$snapshot->{found}}) {
		$listed{$_->{json}{type}}++ if $_->{json}{listed} and $_->{json}{type} ne 'mnt';
	}
	for my $what (grep { /^listns/ } map { $_->{what} } @{$snapshot->{notes}}) {
		my ($counts) = $what =~ /^listns: found nowhere else: (.*), first / or wrong("note: $what");
		%noted = map { /^(\d+) (\w+)$/ && $2 ne 'mnt' ? ($2 => $1) : () } split /, /, $counts // '';
	}
	my ($are, $should) = map { my $n = $_; join(', ', map { "$n->{$_} $_" } sort keys %$n) } \%noted, \%listed;
	wrong("noted as listed only: $are, not $should") if $are ne $should;
	wrong("listed only: $should, without a list") if $should and !lists_all();
}

sub compare_snapshot {
	my ($snapshot, $before) = @_;
	my (%sum, $found, $can);
	my $seen = {};
	for my $name (sort keys %planted) {
		my $sum = $sum{case_of($name)} //= {found => 0, can => 0, planted => 0};
		my $is_shown = is_shown($name, $seen);
		my $is_found = $snapshot->{found}{$name};
		$sum->{planted}++;
		$sum->{can}++ if $is_shown;
		$sum->{found}++ if $is_found;
		wrong("missed $name (" . join(', ', sort keys %{$planted{$name}{holders}}) . ')') if $is_shown and !$is_found;
		compare_found($name, $is_found, $seen) if $is_found;
	}
	for (sort keys %{$snapshot->{found}}) {
		next if $planted{$_} or $before->{found}{$_};
		wrong("invented $_: " . join(', ', keys %{$snapshot->{found}{$_}{holders}}));
	}
	compare_notes($snapshot);
	compare_unnumbered($snapshot, $sum{$future} //= {found => 0, can => 0, planted => 0});
	my @partial = grep { $is_host or !/^(?:pid|user)-namespace$/ } @{$snapshot->{host}{partial}};
	wrong("partial: @partial") if @partial;
	for (map { $_->[0] } @cases) {
		print join("\t", $variant, $_, @{$sum{$_}}{qw(found can planted)}), "\n" if $sum{$_};
	}
}

# The sources that this kernel can read, of those that the options choose.
sub sources_of {
	my @options = @_;
	return qw(process) if grep { $_ eq '--scan=quick' } @options;
	my @sources = qw(process thread fd mount);
	push @sources, 'mntns' if $is_host && $uses{m} && is_at_least(6, 12);
	push @sources, 'listns' if $is_host && $uses{i} && $uses{l} && is_at_least(6, 19);
	if (grep { $_ eq '--scan=all' } @options) {
		push @sources, 'socket' if is_at_least(5, 6);
		push @sources, 'detached' if is_at_least(5, 14);
	}
	my %without = map { /^--scan=-(\w+)$/ ? ($1 => 1) : () } @options;
	return grep { !$without{$_} } @sources;
}

# The words of a line of the file of variants.
sub begin_variant {
	my ($host, $letters, @options) = @_;
	%uses = map { $_ => 1 } $letters eq 'default' ? qw(m i l p) : split //, $letters;
	my ($major, $minor) = $host->{kernel} =~ /^(\d+)\.(\d+)/;
	$version = $major * 1000 + $minor;
	%source = map { $_ => 1 } sources_of(@options);
	my ($are, $should) = (join(' ', sort @{$host->{sources}}), join(' ', sort keys %source));
	wrong("sources are $are, not $should") if $are ne $should;
}

sub compare_variant {
	my ($words, $before) = @_;
	my $snapshot = read_snapshot("$variant.json") or return;
	begin_variant($snapshot->{host}, @$words);
	my $status = content("$variant.status");
	chomp $status;
	wrong("status $status: " . content("$variant.err")) if $status ne '0';
	compare_snapshot($snapshot, $before);
}

read_truth();
$variant = 'before';
my $before = read_snapshot('before.json');
my $failed = $wrong || !%planted;
print STDERR "compare: no scene: ", content('scene.err'), "\n" if !%planted;
open my $list, '<', $variants or die "$variants: $!";
while (<$list>) {
	next if /^#|^\s*$/;
	($variant, my @words) = split;
	$wrong = 0;
	compare_variant(\@words, $before) if %planted;
	my $is_good = !$wrong && %planted;
	print join("\t", $variant, '-', $is_good ? 'pass' : 'fail', "$wrong differences"), "\n";
	$failed ||= !$is_good;
}
exit($failed ? 1 : 0);
