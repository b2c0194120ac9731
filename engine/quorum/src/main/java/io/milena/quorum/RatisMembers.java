package io.milena.quorum;

import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.client.RaftClient;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.GroupInfoReply;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.protocol.exceptions.LeaderNotReadyException;
import org.apache.ratis.protocol.exceptions.NotLeaderException;
import org.apache.ratis.protocol.exceptions.RaftRetryFailureException;
import org.apache.ratis.protocol.exceptions.ReconfigurationInProgressException;
import org.apache.ratis.protocol.exceptions.SetConfigurationException;
import org.apache.ratis.retry.RetryPolicies;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.thirdparty.io.grpc.StatusRuntimeException;
import org.apache.ratis.util.ProtoUtils;
import org.apache.ratis.util.TimeDuration;
import org.jspecify.annotations.Nullable;

/**
 * Changes who belongs to the quorum. The leader is asked, wherever it is, to go from the members that it has said to others: when somebody else has changed them meanwhile, it is asked anew.
 */
final class RatisMembers {
    private static final System.Logger LOG = System.getLogger(RatisMembers.class.getName());
    private static final int TIMEOUT_MS = 60_000;
    private static final int PAUSE_MS = 100;
    private static final long SILENCE_MS = 3_000;
    private static final int RETRIES_MAX = 5;
    private static final int RETRY_MS = 300;

    private final QuorumSettings settings;
    private final RaftGroupId group;
    private final RaftServer server;
    private final RaftProperties properties;
    private final Clock clock;

    RatisMembers(
            QuorumSettings settings, RaftGroupId group, RaftServer server, RaftProperties properties, Clock clock) {
        this.settings = settings;
        this.group = group;
        this.server = server;
        this.properties = properties;
        this.clock = clock;
    }

    static RaftPeerId id(int nodeId) {
        return RaftPeerId.valueOf(Integer.toString(nodeId));
    }

    static RaftPeer raftPeer(Peer peer) {
        return RaftPeer.newBuilder()
                .setId(id(peer.id()))
                .setAddress(peer.address())
                .build();
    }

    /** An observer says so of itself: else a restart would begin as a voter. */
    private static RaftPeer raftObserver(Peer peer) {
        return RaftPeer.newBuilder(raftPeer(peer))
                .setStartupRole(RaftPeerRole.LISTENER)
                .build();
    }

    static Peer peer(RaftPeer peer) {
        return Peer.of(peer.getId().toString(), peer.getAddress());
    }

    @FunctionalInterface
    interface Change {
        Members of(Members now) throws IOException;
    }

    /** What a member would otherwise say only by not answering its leader. */
    void checkIsOfThisCluster(Peer peer) throws IOException {
        try (RaftClient client = client(List.of(peer))) {
            if (!isOfThisCluster(client, peer)) {
                throw ofAnotherCluster(peer);
            }
        } catch (RaftRetryFailureException | StatusRuntimeException e) {
            throw new IOException("node " + peer.id() + " cannot be reached at " + peer.address(), e);
        }
    }

    private boolean isOfThisCluster(RaftClient client, Peer peer) throws IOException {
        return client.getGroupManagementApi(id(peer.id())).list().getGroupIds().contains(group);
    }

    private IOException ofAnotherCluster(Peer peer) {
        return new IOException("node " + peer.id() + " at " + peer.address() + " is of another cluster than "
                + settings.clusterId() + ", or was removed from it");
    }

    /**
     * Makes observers voters, and others by {@code more}. An observer leaves before it comes as a voter: as long as a leader lasts that has taken it in as an observer, Ratis has it wait for an end of its beginning that
     * only new voters are told of, and until then it has no vote. Its log stays.
     */
    void addVoters(Set<Integer> chosen, Change more) throws IOException {
        List<Peer> left = new ArrayList<>();
        change(now -> {
            Members rest = now;
            for (Peer observer : now.observers()) {
                if (chosen.contains(observer.id())) {
                    left.add(observer);
                    rest = rest.without(observer.id());
                }
            }
            return rest;
        });
        try {
            change(now -> {
                Members next = now;
                for (Peer peer : left) {
                    next = next.withVoter(peer);
                }
                return more.of(next);
            });
        } catch (IOException e) {
            change(now -> {
                Members before = now;
                for (Peer peer : left) {
                    before = before.withMember(peer);
                }
                return before;
            });
            throw e;
        }
    }

    /** Whether this node leads, or hears from who does, where it is. */
    boolean isInTouch() throws IOException {
        Answer own = own();
        if (own.isLeaders()) {
            return true;
        }
        boolean isMember = own.members().has(settings.self());
        var follower = server.getDivision(group).getInfo().getRoleInfoProto().getFollowerInfo();
        return isMember && follower.hasLeaderInfo() && follower.getLeaderInfo().getLastRpcElapsedTimeMs() < SILENCE_MS;
    }

    void change(Change change) throws IOException {
        Deadline deadline = Deadline.afterMs(clock, TIMEOUT_MS);
        while (true) {
            IOException reason = new IOException("nobody is known to lead the metadata");
            Answer leaders = leadersAnswer();
            if (leaders != null) {
                Members next = change.of(leaders.members());
                if (next.isSameAs(leaders.members())) {
                    return;
                }
                try {
                    set(leaders.by(), leaders.members(), next);
                    return;
                } catch (ReconfigurationInProgressException
                        | SetConfigurationException
                        | LeaderNotReadyException
                        | RaftRetryFailureException
                        | NotLeaderException e) {
                    reason = e;
                }
            }
            if (deadline.isPast()) {
                throw new IOException("the members were not changed: " + reason.getMessage(), reason);
            }
            pause();
        }
    }

    private void pause() throws InterruptedIOException {
        try {
            clock.sleepMs(PAUSE_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the members were changed");
        }
    }

    private void set(Peer leader, Members now, Members next) throws IOException {
        try (RaftClient client = client(List.of(leader))) {
            RaftClientReply reply = client.admin()
                    .setConfiguration(SetConfigurationRequest.Arguments.newBuilder()
                            .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET)
                            .setServersInCurrentConf(voters(now))
                            .setListenersInCurrentConf(observers(now))
                            .setServersInNewConf(voters(next))
                            .setListenersInNewConf(observers(next))
                            .build());
            if (!reply.isSuccess()) {
                throw reply.getException();
            }
        }
    }

    private static List<RaftPeer> voters(Members members) {
        return members.voters().stream().map(RatisMembers::raftPeer).toList();
    }

    private static List<RaftPeer> observers(Members members) {
        return members.observers().stream().map(RatisMembers::raftObserver).toList();
    }

    /** What somebody says of the members, and whether it leads. */
    private record Answer(Peer by, boolean isLeaders, Members members) {}

    /** Asks whom it knows, and whom those name, until one says that it leads; null if none does. */
    private @Nullable Answer leadersAnswer() throws IOException {
        Answer own = own();
        if (own.isLeaders()) {
            return own;
        }
        Deque<Peer> asked = new ArrayDeque<>(own.members().voters());
        asked.addAll(settings.contacts());
        Set<Integer> known = new HashSet<>(Set.of(settings.self().id()));
        Peer stranger = null;
        while (!asked.isEmpty()) {
            Peer peer = asked.remove();
            if (!known.add(peer.id())) {
                continue;
            }
            try (RaftClient client = client(List.of(peer))) {
                if (!isOfThisCluster(client, peer)) {
                    stranger = peer;
                    continue;
                }
                Answer answer = answer(client, peer);
                if (answer.isLeaders()) {
                    return answer;
                }
                asked.addAll(answer.members().voters());
            } catch (IOException | StatusRuntimeException e) {
                LOG.log(Level.DEBUG, "node " + peer.id() + " is not there; another may be", e);
            }
        }
        if (stranger != null) {
            throw ofAnotherCluster(stranger);
        }
        return null;
    }

    private Answer own() throws IOException {
        RaftServer.Division division = server.getDivision(group);
        RaftConfiguration configuration = division.getRaftConf();
        return new Answer(
                settings.self(),
                division.getInfo().isLeader(),
                members(
                        configuration.getCurrentPeers(RaftPeerRole.FOLLOWER),
                        configuration.getCurrentPeers(RaftPeerRole.LISTENER)));
    }

    private Answer answer(RaftClient client, Peer peer) throws IOException {
        GroupInfoReply info = client.getGroupManagementApi(id(peer.id())).info(group);
        RaftConfigurationProto configuration = info.getConf().orElse(RaftConfigurationProto.getDefaultInstance());
        return new Answer(
                peer,
                info.getRoleInfoProto().getRole() == RaftPeerRole.LEADER
                        && info.getConf().isPresent(),
                members(
                        ProtoUtils.toRaftPeers(configuration.getPeersList()),
                        ProtoUtils.toRaftPeers(configuration.getListenersList())));
    }

    private static Members members(Collection<RaftPeer> voters, Collection<RaftPeer> observers) {
        return new Members(
                voters.stream().map(RatisMembers::peer).toList(),
                observers.stream().map(RatisMembers::peer).toList());
    }

    private RaftClient client(List<Peer> peers) {
        return RaftClient.newBuilder()
                .setProperties(properties)
                .setRaftGroup(RaftGroup.valueOf(
                        group, peers.stream().map(RatisMembers::raftPeer).toList()))
                .setRetryPolicy(RetryPolicies.retryUpToMaximumCountWithFixedSleep(
                        RETRIES_MAX, TimeDuration.valueOf(RETRY_MS, TimeUnit.MILLISECONDS)))
                .build();
    }
}
