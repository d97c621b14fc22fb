#!/usr/bin/perl
# Stands in for Ryuk where its image cannot be had: clients connect, name labels ("label=key=value"), and stay
# connected for as long as they live. When the last one has been gone for a while, everything that carries one
# of the labels is removed. Needs nothing that Debian's perl-base does not have.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use IO::Socket::UNIX;

$| = 1;
$SIG{TERM} = $SIG{INT} = sub { exit 0 };

my $first_client_seconds = seconds($ENV{RYUK_CONNECTION_TIMEOUT} // '60s');
my $gone_seconds         = seconds($ENV{RYUK_RECONNECTION_TIMEOUT} // '10s');

my $door = IO::Socket::INET->new(LocalPort => 8080, Listen => 128, ReuseAddr => 1)
  or die "port 8080 cannot be listened on: $!\n";
my $sockets = IO::Select->new($door);
my (%labels, %unread);
my $alone_since = time;
my $patience    = $first_client_seconds;
print "Started\n";

while (1) {
    for my $socket ($sockets->can_read(0.25)) {
        $socket == $door ? welcome() : hear($socket);
    }
    last if $sockets->count == 1 && time - $alone_since >= $patience;
}
reap($_) for sort keys %labels;

sub welcome {
    my $client = $door->accept or return;
    $client->autoflush(1);
    $sockets->add($client);
    $unread{$client} = '';
}

sub hear {
    my $client = shift;
    if (!sysread $client, my $text, 4096) {
        $sockets->remove($client);
        delete $unread{$client};
        close $client;
        ($alone_since, $patience) = (time, $gone_seconds);
        return;
    }
    else { $unread{$client} .= $text }
    while ($unread{$client} =~ s/^([^\n]*)\n//) {
        note_labels($1);
        print $client "ACK\n";
    }
}

# A line is a query string of filters; containers, networks, volumes and images are only ever told by label.
sub note_labels {
    my $line = shift;
    $line =~ s/\r$//;
    for my $filter (split /&/, $line) {
        $filter =~ s/%([0-9A-Fa-f]{2})/chr hex $1/ge;
        $labels{$1} = 1 if $filter =~ /^label=(.+)/;
    }
}

sub reap {
    my $label  = shift;
    my $filter = 'filters=' . encode(qq({"label":["$label"]}));
    my $listed = engine('GET', "/containers/json?all=1&$filter");
    engine('DELETE', "/containers/$_?force=1&v=1") for $listed =~ /"Id":"([0-9a-f]{64})"/g;
    engine('POST', "/$_/prune?$filter") for qw(networks volumes);
    # Images that have a name are spared unless they are asked for.
    engine('POST', '/images/prune?filters=' . encode(qq({"label":["$label"],"dangling":["false"]})));
}

sub engine {
    my ($method, $path) = @_;
    my $socket = IO::Socket::UNIX->new(Peer => '/var/run/docker.sock') or die "the engine is away: $!\n";
    print $socket "$method $path HTTP/1.0\r\nHost: docker\r\nContent-Length: 0\r\n\r\n";
    local $/;
    my $answer = <$socket> // '';
    $answer =~ s/^.*?\r\n\r\n//s;
    return $answer;
}

sub encode { my $text = shift; $text =~ s/([^A-Za-z0-9])/sprintf '%%%02X', ord $1/ge; return $text }

sub seconds { my $text = shift; return $text =~ /^(\d+)m$/ ? $1 * 60 : $text =~ /^(\d+)/ ? $1 : 10 }
