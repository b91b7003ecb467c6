#!/usr/bin/perl
# SPDX-License-Identifier: Apache-2.0
# In the scene `identity`: identity.pl COMMAND [ARG]... runs a command that scans when it is told to and
# prints the tag of each namespace (discover.c --wait), and between two scans has the scene make and
# drop namespaces, so that numbers come round. What the scene calls the same must have the same tag in
# every scan, and no two things ever the same one. Prints the figures; exit 1 if it is not so.
use strict;
use warnings;
use IPC::Open2;

my @steps = (qw(churn leader replace), qw(replace leader churn) x 2, (qw(leader replace)) x 5);
my ($scans, $kept, $again, $wrong) = (0) x 4;
my (%tag_of, %label_of);

sub wrong { print STDERR "identity: scan $scans: @_\n"; $wrong++; }

sub scan {
	my ($in, $out) = @_;
	my %tags;
	$scans++;
	print $out "go\n";
	while (<$in>) {
		my @f = split;
		last if $f[0] eq 'end';
		$tags{"$f[1] $f[2]"} = $f[3] if $f[0] eq 'tag';
	}
	return \%tags;
}

sub judge {
	my $tags = shift;
	open my $truth, '<', $ENV{SCENE_TRUTH} or die "truth: $!";
	while (<$truth>) {
		my ($word, $label, $type, $inode) = split;
		$again++ if $word eq 'again';
		next if $word ne 'same';
		my $tag = $tags->{"$type $inode"};
		if (!defined $tag) { wrong("$label is not there"); next }
		if (defined $tag_of{$label}) {
			$kept++;
			wrong("$label was $tag_of{$label}, is $tag") if $tag_of{$label} ne $tag;
		}
		wrong("$label has the tag of $label_of{$tag}") if ($label_of{$tag} // $label) ne $label;
		($tag_of{$label}, $label_of{$tag}) = ($tag, $label);
	}
}

sub step {
	my $step = shift;
	open my $out, '>', "$ENV{SCENE_DIR}/step" or die "step: $!";
	print $out "$step\n";
	close $out;
	open my $in, '<', "$ENV{SCENE_DIR}/done" or die "done: $!";
	my $answer = <$in> // '';
	die "scene: $step: $answer" if $answer !~ /^ok/;
}

my $pid = open2(my $in, my $out, @ARGV, '--wait');
$out->autoflush(1);
judge(scan($in, $out));
judge(scan($in, $out));
for (@steps) {
	step($_);
	judge(scan($in, $out));
}
close $out;
waitpid $pid, 0;
wrong("status $?") if $?;
wrong("no number came round") unless $again;
printf "%d scans: %d things kept their tags %d times, %d new ones had the number of one that went; %d wrong\n",
	$scans, scalar keys %tag_of, $kept, $again, $wrong;
exit($wrong ? 1 : 0);
