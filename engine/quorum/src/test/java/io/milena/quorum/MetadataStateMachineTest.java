package io.milena.quorum;

import static io.milena.quorum.RecordingListener.records;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.milena.records.RecordBatchBuilder;
import io.milena.runtime.Threads;
import io.milena.testkit.HandClock;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.proto.RaftProtos.StateMachineLogEntryProto;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an entry is decided by its term alone, so it is the same on all members. */
class MetadataStateMachineTest {
    @TempDir
    private Path directory;

    private final RecordingListener listener = new RecordingListener();
    private final Delivery delivery = new Delivery(Threads.system(), listener);

    @AfterEach
    void close() {
        delivery.close();
    }

    private long applied(MetadataStateMachine machine, long term, long index, int epoch, String... texts) {
        RecordBatchBuilder batch = new RecordBatchBuilder().baseOffset(0).partitionLeaderEpoch(epoch);
        records(texts).forEach(record -> batch.append(0, (ByteBuffer) null, record));
        LogEntryProto entry = LogEntryProto.newBuilder()
                .setTerm(term)
                .setIndex(index)
                .setStateMachineLogEntry(StateMachineLogEntryProto.newBuilder()
                        .setLogData(ByteString.copyFrom(batch.build().buffer())))
                .build();
        TransactionContext transaction = machine.startTransaction(entry, RaftPeerRole.FOLLOWER);
        return machine.applyTransaction(transaction)
                .join()
                .getContent()
                .asReadOnlyByteBuffer()
                .getLong();
    }

    @Test
    void whatAnOldEpochDecidedIsVoidInALaterTerm() {
        MetadataStateMachine machine = new MetadataStateMachine(
                new RatisSnapshots(directory), delivery, new Leaderships(1, delivery), new HandClock(), () -> {});
        assertEquals(1, applied(machine, 5, 1, 5, "a", "b"));
        // Led in term 5, was replaced, leads in term 7, and finds an append on its way that it has decided on in term
        // 5.
        assertEquals(-1, applied(machine, 7, 3, 5, "old"));
        assertEquals(2, applied(machine, 7, 4, 7, "c"));
        assertEquals(List.of("a", "b", "c"), listener.heard());
        assertEquals(3, machine.endOffset());
        assertEquals(List.of(), listener.complaints());
    }

    @Test
    void epochsOfLeadersNeverGoBack() throws InterruptedException {
        Leaderships leaderships = new Leaderships(1, delivery);
        leaderships.seen(3, 2);
        leaderships.begun(5);
        leaderships.seen(4, 3);
        leaderships.seen(5, 1);
        assertEquals(new Leadership(5, 1), leaderships.current());
        leaderships.ended();
        leaderships.begun(5);
        assertEquals(new Leadership(5, Leadership.NOBODY), leaderships.current());
        leaderships.ended();
        leaderships.seen(6, 2);
        listener.await(() -> listener.leadership().equals(new Leadership(6, 2)), "the last one");
        assertEquals(List.of(), listener.complaints());
    }
}
