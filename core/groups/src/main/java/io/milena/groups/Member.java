package io.milena.groups;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A member of a classic group: who it is, what it can do, what it was given, until when it is believed to live. */
final class Member {
    private static final byte[] NOTHING = {};

    private final String id;
    private final @Nullable String instanceId;
    private final String clientId;
    private final String clientHost;
    private int rebalanceTimeoutMs;
    private int sessionTimeoutMs;
    private Map<String, byte[]> protocols;
    private byte[] assignment = NOTHING;
    private final Session session = new Session();

    /** True until its first round has ended: it does not know its generation and cannot send heartbeats. */
    private boolean isNew;

    Member(String id, @Nullable String instanceId, String clientId, String clientHost, Terms terms) {
        this.id = id;
        this.instanceId = instanceId;
        this.clientId = clientId;
        this.clientHost = clientHost;
        this.rebalanceTimeoutMs = terms.rebalanceTimeoutMs();
        this.sessionTimeoutMs = terms.sessionTimeoutMs();
        this.protocols = terms.protocols();
    }

    /**
     * What a member asks for when it joins.
     *
     * @param protocols assignor name to the member's opaque bytes for it, most wanted first
     */
    record Terms(int rebalanceTimeoutMs, int sessionTimeoutMs, Map<String, byte[]> protocols) {
        Terms {
            protocols = new LinkedHashMap<>(protocols);
        }
    }

    String id() {
        return id;
    }

    /** The {@code group.instance.id} of a static member (KIP-345), else null. */
    @Nullable
    String instanceId() {
        return instanceId;
    }

    boolean isStatic() {
        return instanceId != null;
    }

    String clientId() {
        return clientId;
    }

    String clientHost() {
        return clientHost;
    }

    int rebalanceTimeoutMs() {
        return rebalanceTimeoutMs;
    }

    int sessionTimeoutMs() {
        return sessionTimeoutMs;
    }

    Set<String> protocolNames() {
        return protocols.keySet();
    }

    /** The member's bytes for one assignor, empty when it does not know it. */
    byte[] metadata(@Nullable String protocol) {
        byte[] metadata = protocol == null ? null : protocols.get(protocol);
        return metadata == null ? NOTHING : metadata;
    }

    byte[] assignment() {
        return assignment;
    }

    void assign(byte @Nullable [] newAssignment) {
        assignment = newAssignment == null ? NOTHING : newAssignment;
    }

    Session session() {
        return session;
    }

    boolean isNew() {
        return isNew;
    }

    void setNew(boolean value) {
        isNew = value;
    }

    void accept(Terms terms) {
        rebalanceTimeoutMs = terms.rebalanceTimeoutMs();
        sessionTimeoutMs = terms.sessionTimeoutMs();
        protocols = terms.protocols();
    }

    /** Whether a join with these protocols, in this order and with these bytes, changes nothing for the leader. */
    boolean matches(Map<String, byte[]> others) {
        if (!List.copyOf(protocols.keySet()).equals(List.copyOf(others.keySet()))) {
            return false;
        }
        return others.entrySet().stream()
                .allMatch(other -> Arrays.equals(protocols.get(other.getKey()), other.getValue()));
    }

    /** The same member after a restart of its process: a new id, the same place in the group. */
    Member reborn(String newId, RequestContext context) {
        Member member = new Member(
                newId,
                instanceId,
                context.clientId(),
                context.clientHost(),
                new Terms(rebalanceTimeoutMs, sessionTimeoutMs, protocols));
        member.assignment = assignment;
        member.isNew = isNew;
        return member;
    }
}
