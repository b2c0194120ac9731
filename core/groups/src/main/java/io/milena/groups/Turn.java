package io.milena.groups;

import io.milena.protocol.ApiMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One command being decided: what time it is, what the rules are, and what has been decided so far. */
final class Turn {
    private static final int NOTE_LENGTH_MAX = 500;

    private final GroupSettings settings;
    private final long nowMs;
    private final List<CoordinatorRecord> records = new ArrayList<>();
    private final List<Effect> effects = new ArrayList<>();
    private @Nullable Producer producer;

    Turn(GroupSettings settings, long nowMs) {
        this.settings = settings;
        this.nowMs = nowMs;
    }

    GroupSettings settings() {
        return settings;
    }

    long nowMs() {
        return nowMs;
    }

    void append(CoordinatorRecord record) {
        records.add(record);
    }

    /** All records of this turn are part of a transaction. */
    void inTransactionOf(Producer newProducer) {
        producer = newProducer;
    }

    int recordCount() {
        return records.size();
    }

    void reply(RequestContext context, ApiMessage response) {
        carryOut(new Effect.Reply(context.token(), response));
    }

    void setTimer(TimerKey key, long atMs) {
        carryOut(new Effect.SetTimer(key, atMs));
    }

    void cancelTimer(TimerKey key) {
        carryOut(new Effect.CancelTimer(key));
    }

    /** For people: what happened in a group. The text has words of clients in it: it is cut, and made one line. */
    void note(ClassicGroup group, String text) {
        note(group.id(), text);
    }

    void note(String groupId, String text) {
        String cut = text.substring(0, Math.min(text.length(), NOTE_LENGTH_MAX));
        carryOut(new Effect.Note(groupId, cut.replaceAll("\\p{Cntrl}", " ")));
    }

    void happened(String groupId, GroupEvent event) {
        carryOut(new Effect.Happened(groupId, event));
    }

    /** For the timeline of a group: what happened to it as a whole. */
    void happened(ClassicGroup group, GroupEvent.Kind kind, String reason) {
        carryOut(new Effect.Happened(
                group.id(),
                new GroupEvent(kind, group.generation(), group.members().size(), "", "", reason)));
    }

    /** The same, by or to a member. */
    void happened(ClassicGroup group, GroupEvent.Kind kind, Member member, String reason) {
        carryOut(new Effect.Happened(
                group.id(),
                new GroupEvent(
                        kind, group.generation(), group.members().size(), member.id(), member.clientId(), reason)));
    }

    void carryOut(Effect effect) {
        effects.add(effect);
    }

    Decision decision() {
        return new Decision(records, effects, producer);
    }
}
