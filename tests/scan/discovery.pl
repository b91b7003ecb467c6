#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# In a scene: runs a command that prints what a scan has found (discover.c) and holds it against the
# truth of the scene (tests/scenes/scene.h): discovery.pl [OPTION]... COMMAND [ARG]...
# Prints the figures of all scans together; each difference is a line on standard error and exit 1.
#
#   --unknown=N     of so many namespaces, and no other number, owner and parent are not known
#   --leaderless    the threads of a process whose first thread has ended hold what they are in as
#                   this process, once, or as threads
#   --root=PATH     mounts that a process sees from a root of its own are below that
#   --shows=KINDS   what only these keep is found too: flight (mntns: if it is a mount namespace),
#                   unborn, pin
#   --partial       what is not seen is not missed, but then there are processes that are counted
use strict;
use warnings;

my %option = (unknown => 0);
while (@ARGV and $ARGV[0] =~ /^--(\w+)(?:=(.*))?$/) { $option{$1} = $2 // 1; shift @ARGV }

my %is_shown = map { $_ => 1 } split /,/, $option{shows} // '';
my (%holder, %maybe, %ns, %world, %absent, %unborn, $is_host, @processes);
my $world = 1;
open my $truth, '<', $ENV{SCENE_TRUTH} or die "truth: $!";
while (<$truth>) {
	chomp;
	my @f = split /\t/, $_, -1;
	if ($f[0] eq 'absent') { $absent{"$f[1] $f[2]"} = 1 }
	elsif ($f[0] eq 'maybe') { $maybe{"$f[1] $f[2] $f[3] $f[4]"} = 1 }
	elsif ($f[0] eq 'unborn') { $unborn{$f[2]} = 1 if $f[1] eq 'pid' and $f[2] =~ m{^(\d+)/\1$} }
	elsif ($f[0] =~ /^(?:same|again|born|lacks)$/) { next }
	elsif ($f[0] eq 'world') { ($is_host, $world) = (1, $f[1]) }
	else {
		my ($type, $inode, $kind, $detail, $parent, $owner, $mnt) = @f;
		$detail .= " $mnt" if $kind =~ /^(?:mount|pin)$/;
		$ns{"$type $inode"} = [$parent, $owner];
		$holder{"$type $inode"}{"$kind $detail"} = 1;
		push @processes, ["$type $inode", $detail] if $kind eq 'process';
	}
}
$world{$_->[0]} = 1 for grep { $_->[1] == $world } @processes;

# A message that was not received yet shows nowhere: a namespace that only it keeps cannot be found,
# unless the kernel lists it. So it is with others.
sub is_listed {
	my ($ns, $kind) = @_;
	return $is_shown{$kind} || ($kind eq 'flight' && $ns =~ /^mnt / && $is_shown{mntns});
}

sub is_findable {
	my ($ns, $seen) = @_;
	return 0 if $seen->{$ns}++;
	for (keys %{$holder{$ns}}) {
		return 1 unless /^(?:flight|unborn|pin|child|owns) /;
		return 1 if /^(?:flight|unborn|pin) / and is_listed($ns, (split)[0]);
		return 1 if /^(?:child|owns) (\w+):\[(\d+)\]$/ and is_findable("$1 $2", $seen);
	}
	return 0;
}
my %findable = map { is_findable($_, {}) ? ($_ => 1) : () } keys %ns;

my ($scans, $planted, $found, $holders, $held, $invented, $wrong, $unknown, $unreadable, $notes) = (0) x 10;
my ($slowest, @times) = (0);
my (%seen, %related, %futures, $number);

sub wrong { print STDERR "discovery: scan $number: @_\n"; $wrong++; }

sub is_seen {
	my ($ns, $holder) = @_;
	return 1 if $seen{$ns}{$holder};
	return 1 if $option{leaderless} and $holder =~ m{^thread (\d+)/} and $seen{$ns}{"process $1"};
	return exists $option{root} && $holder =~ /^mount (.*)$/ && $seen{$ns}{"mount $option{root}$1"};
}

sub is_true {
	my ($ns, $holder) = @_;
	return 1 if $holder{$ns}{$holder} or $maybe{"$ns $holder"};
	return 1 if $holder =~ /^for_children (.*)$/ and $holder{$ns}{"unborn $1"};
	# Found, but not what keeps it.
	return 1 if $holder =~ /^none / and !grep { !/^(?:flight|unborn|pin) / } keys %{$holder{$ns}};
	return 1 if $option{leaderless} and $holder =~ /^process (\d+)$/ and grep { m{^thread $1/} } keys %{$holder{$ns}};
	# In the mount namespace of somebody who may not be looked at.
	return 1 if $option{partial} and $holder =~ /^(mount .*) 0$/ and grep { /^\Q$1\E \d+$/ } keys %{$holder{$ns}};
	return exists $option{root} && $holder =~ /^mount \Q$option{root}\E(.*)$/ && $holder{$ns}{"mount $1"};
}

sub judge {
	for (sort keys %unborn) { wrong("$_: not seen as unborn") unless $futures{$_} or $option{partial} }
	for (sort keys %futures) { wrong("$_: invented as unborn") unless $unborn{$_} or $is_host }
	for my $ns (sort keys %findable) {
		$planted++;
		if (!$related{$ns}) { wrong("missed $ns") unless $option{partial}; next }
		$found++;
		my ($is, $should) = ("@{$related{$ns}}", "@{$ns{$ns}}");
		if ($is =~ /\?/) { $unknown++ }
		elsif ($is ne $should and !$option{partial}) { wrong("$ns: parent and owner are $is, not $should") }
		for (sort keys %{$holder{$ns}}) {
			next if /^(?:flight|unborn|pin) /;
			next if /^(?:child|owns) (\w+):\[(\d+)\]$/ and (!$findable{"$1 $2"} or ($related{"$1 $2"}[1] // '?') eq '?');
			$holders++;
			if (is_seen($ns, $_)) { $held++ }
			elsif (!$option{partial}) { wrong("$ns: not held by $_") }
		}
	}
	for my $ns (sort keys %related) {
		next if $is_host and !$ns{$ns} and !$absent{$ns};
		if (!$ns{$ns} or $absent{$ns}) { $invented++; wrong("invented $ns: " . join ', ', keys %{$seen{$ns}}); next }
		next if $world{$ns};
		for (keys %{$seen{$ns}}) {
			next if is_true($ns, $_);
			$invented++;
			wrong("$ns: invented holder $_");
		}
	}
}

open my $in, '-|', @ARGV or die "$ARGV[0]: $!";
while (<$in>) {
	chomp;
	my @f = split /\t/, $_, -1;
	if ($f[0] eq 'scan') {
		judge() if $scans++;
		(%seen, %related, %futures) = ();
		$number = $f[1];
		push @times, $f[2];
		$slowest = $f[2] if $f[2] > $slowest;
		$unreadable += $f[3];
		$notes += $f[4];
	} elsif ($f[0] eq 'unborn') {
		$futures{$f[2]} = 1;
	} elsif ($f[0] !~ /^(?:tag|end)$/) {
		my ($type, $inode, $kind, $detail, $parent, $owner, $mnt) = @f;
		$detail .= " $mnt" if $kind eq 'mount';
		$related{"$type $inode"} = [$parent, $owner];
		$seen{"$type $inode"}{"$kind $detail"} = 1;
	}
}
close $in or wrong("$ARGV[0]: status " . ($? >> 8));
judge() if $scans;
wrong("no scan") unless $scans;
wrong("$unknown namespaces without relations") if !$option{partial} and $unknown != $option{unknown} * $scans;
wrong("nothing was refused") if $option{partial} and !$unreadable;
printf "%d scans: found %d/%d namespaces, %d/%d holders, %d invented, %d without relations; %d unreadable, %d notes, slowest %.0f ms, median %.1f ms\n",
	$scans, $found, $planted, $held, $holders, $invented, $unknown, $unreadable, $notes, $slowest,
	(sort { $a <=> $b } @times)[$#times / 2];
exit($wrong ? 1 : 0);
