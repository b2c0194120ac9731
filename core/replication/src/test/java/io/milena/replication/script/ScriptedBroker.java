package io.milena.replication.script;

import io.milena.protocol.ErrorCode;
import io.milena.replication.Answer;
import io.milena.replication.Appended;
import io.milena.replication.Circumstances;
import io.milena.replication.Command;
import io.milena.replication.Detached;
import io.milena.replication.Effect;
import io.milena.replication.FetchAnswer;
import io.milena.replication.FetchPosition;
import io.milena.replication.Follower;
import io.milena.replication.FollowerFetch;
import io.milena.replication.IsrChange;
import io.milena.replication.Leader;
import io.milena.replication.Offline;
import io.milena.replication.Proposal;
import io.milena.replication.ReplicaState;
import io.milena.replication.Replicated;
import io.milena.replication.Replication;
import io.milena.replication.ReplicationSettings;
import io.milena.replication.Step;
import io.milena.replication.model.Entry;
import io.milena.replication.model.ModelLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

/** A broker of a script; its records are letters. */
final class ScriptedBroker {
    final int id;
    private final Script script;
    private final ModelLog log = new ModelLog();
    private final List<String> news = new ArrayList<>();
    private ReplicaState state;
    private long truncatesTo = -1;
    private Proposal proposed = new Proposal(0, 0, List.of(), List.of());

    ScriptedBroker(int id, Script script) {
        this.id = id;
        this.script = script;
        this.state = new Detached(id, 0);
    }

    Proposal proposed() {
        return proposed;
    }

    private Circumstances now() {
        return new Circumstances(
                script.nowMs(), new ReplicationSettings(30_000, script.minIsr(), 1_000), log, script::broker);
    }

    Answer handle(Command command) {
        Step step = Replication.handle(state, command, now());
        state = step.state();
        for (Effect effect : step.effects()) {
            switch (effect) {
                case Effect.Truncate(long offset) -> {
                    truncatesTo = offset;
                    news.add("begins to truncate to " + offset);
                }
                case Effect.StartAnew(long offset) -> throw new IllegalStateException("not in a script: " + offset);
                case Effect.Propose(Proposal proposal, int attempt) -> {
                    proposed = proposal;
                    news.add((attempt == 1 ? "proposes " : "proposes again ") + isr(proposal));
                }
                case Effect.Note(String text) -> news.add("notes: " + text);
                case Effect.Wake ignored -> {}
                case Effect.LookAgainAt ignored -> {}
                case Effect.Force ignored -> {}
                case Effect.MoveStart(long offset) -> log.moveStart(offset);
                case Effect.FetchAgain ignored -> {}
                case Effect.Append ignored -> {}
                case Effect.AskOffsets ignored -> news.add("asks for the leader's offsets");
            }
        }
        return step.answer();
    }

    private static String isr(Proposal proposal) {
        return proposal.members().stream()
                .map(member -> String.valueOf(member.id()))
                .collect(Collectors.joining(","));
    }

    void append(List<String> letters) {
        ErrorCode error = state.admitAll(now().settings());
        if (error != ErrorCode.NONE) {
            news.add("refuses: " + error);
            return;
        }
        letters.forEach(letter -> log.append(new Entry(state.leaderEpoch(), letter.charAt(0))));
    }

    void force() {
        log.forced(log.endOffset());
        handle(new Command.LogMoved());
    }

    void crash() {
        log.truncate(log.forcedEndOffset());
        log.crash(new Random(0));
        state = new Detached(id, 0);
    }

    void loseDisk() {
        log.startAnew(0);
        state = new Detached(id, 0);
    }

    void truncate() {
        log.truncate(truncatesTo);
        handle(new Command.Truncated());
    }

    /** @param brokerEpoch of the life that fetches */
    void fetch(ScriptedBroker leader, long brokerEpoch) {
        if (!(state instanceof Follower follower)) {
            throw new IllegalStateException(id + " does not follow");
        }
        FetchPosition next = follower.nextFetch(now());
        if (next == null) {
            news.add("does not fetch yet");
            return;
        }
        Answer answer = leader.handle(new Command.Serve(new FollowerFetch(
                id,
                brokerEpoch,
                next.leaderEpoch(),
                next.offset(),
                next.lastFetchedEpoch(),
                next.logStartOffset(),
                next.highWatermark())));
        switch (answer) {
            case Answer.MayRead readable -> {
                List<Entry> entries = leader.log.from(next.offset(), 100);
                if (entries.isEmpty()) {
                    fetched(next, new FetchAnswer.Nothing(readable.highWatermark(), readable.logStartOffset()));
                } else {
                    var batches = new FetchAnswer.Batches(readable.highWatermark(), readable.logStartOffset());
                    fetched(next, batches);
                    entries.forEach(log::append);
                    handle(new Command.BatchesAppended(batches));
                }
            }
            case Answer.Diverging diverging -> {
                news.add("is told that epoch " + diverging.end().epoch() + " ends at "
                        + diverging.end().endOffset());
                fetched(next, new FetchAnswer.Diverging(diverging.end()));
            }
            case Answer.Refused(ErrorCode error) -> {
                news.add("is told " + error);
                fetched(next, new FetchAnswer.Refused(error));
            }
            case Answer.None ignored -> throw new IllegalStateException("no answer");
        }
    }

    private void fetched(FetchPosition sent, FetchAnswer answer) {
        handle(new Command.FetchAnswered(sent, answer));
    }

    void await(int epoch, long endOffset) {
        switch (state.replicated(new Appended(epoch, endOffset), now().settings())) {
            case Replicated.NotYet ignored -> news.add("acks=all up to " + endOffset + ": not yet");
            case Replicated.Over(ErrorCode error) -> news.add("acks=all up to " + endOffset + ": " + error);
        }
    }

    /** What has happened here, and how it looks now. */
    List<String> report() {
        List<String> lines =
                new ArrayList<>(news.stream().map(each -> id + " " + each).toList());
        news.clear();
        StringBuilder text = new StringBuilder();
        text.append(id).append(' ').append(role()).append(", high watermark ").append(state.highWatermark());
        text.append(", log [");
        for (long offset = log.startOffset(); offset < log.endOffset(); offset++) {
            text.append(offset == log.forcedEndOffset() ? " | " : offset == log.startOffset() ? "" : " ");
            text.append((char) log.at(offset).value()).append(log.at(offset).epoch());
        }
        lines.add(text.append(']').toString());
        return lines;
    }

    private String role() {
        return switch (state) {
            case Leader leader ->
                "leads epoch " + leader.leaderEpoch() + ", isr " + leader.isr() + change(leader.change());
            case Follower follower ->
                "follows " + follower.assignment().leader() + " in epoch " + follower.leaderEpoch() + ", "
                        + follower.phase().getClass().getSimpleName();
            case Detached ignored -> "is detached";
            case Offline ignored -> "is offline";
        };
    }

    private static String change(IsrChange change) {
        return switch (change) {
            case IsrChange.None ignored -> "";
            case IsrChange.InFlight ignored -> " (proposal in flight)";
            case IsrChange.Outdated ignored -> " (outdated)";
            case IsrChange.InDoubt ignored -> " (proposal in doubt)";
        };
    }
}
