package io.milena.broker.transactions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.milena.broker.api.Answer;
import io.milena.broker.groups.TimerQueue;
import io.milena.broker.partitions.Partitions;
import io.milena.broker.partitions.Replica;
import io.milena.broker.partitions.ReplicaHost;
import io.milena.log.LogDirectory;
import io.milena.log.LogSettings;
import io.milena.protocol.ErrorCode;
import io.milena.protocol.Uuids;
import io.milena.protocol.message.ListTransactionsRequest;
import io.milena.protocol.message.ListTransactionsResponse;
import io.milena.replication.Assignment;
import io.milena.replication.Brokers;
import io.milena.replication.Proposal;
import io.milena.replication.ReplicationSettings;
import io.milena.runtime.Environment;
import io.milena.runtime.TrustedTime;
import io.milena.transactions.Command;
import io.milena.transactions.TransactionSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator whose partition has a second replica, which has nothing yet when it takes the lead: what the first one has decided by then never was. */
class DeposedCoordinatorTest {
    private static final String TOPIC = "__transaction_state";
    private static final List<Integer> BOTH = List.of(1, 2);

    @TempDir
    Path data = Path.of("");

    private final Environment environment = Environment.system();
    private LogDirectory directory;
    private Replica replica;
    private TimerQueue timers;
    private CoordinatorHost host;

    private final Partitions partitions = new Partitions(1);

    private final ReplicaHost around = new ReplicaHost() {
        @Override
        public int localId() {
            return 1;
        }

        @Override
        public Environment environment() {
            return environment;
        }

        @Override
        public Brokers brokers() {
            return id -> null;
        }

        @Override
        public void fetch(Replica which) {}

        @Override
        public void lookAgain(Replica which, long atMs) {}

        @Override
        public void askOffsets(Replica which, int leader, int leaderEpoch) {}

        @Override
        public void propose(Replica which, Proposal proposal, int attempt) {}
    };

    @BeforeEach
    void load() throws IOException {
        directory = LogDirectory.open(data, LogDirectory.Settings.DEFAULTS, topic -> LogSettings.DEFAULTS, environment);
        directory.create(TOPIC, List.of(0), Uuids.random(new Random(1)), LogSettings.DEFAULTS);
        replica = new Replica(Objects.requireNonNull(directory.log(TOPIC, 0)), around, ReplicationSettings.DEFAULT);
        partitions.add(replica);
        replica.assign(new Assignment(1, 0, 0, BOTH, BOTH));
        timers = new TimerQueue(environment.clock(), environment.threads(), "timers");
        host = CoordinatorHost.load(
                partitions.all(TOPIC).getFirst(),
                TransactionSettings.defaults(),
                timers,
                new TrustedTime(environment.clock()),
                end -> {});
    }

    @AfterEach
    void close() {
        timers.close();
        directory.close();
    }

    private ListTransactionsResponse list(Runnable meanwhile) throws Exception {
        ListTransactionsHandler handler =
                new ListTransactionsHandler(new ListTransactionsHandler.Hosts(() -> List.of(host), () -> false));
        Answer.Later answer = assertInstanceOf(
                Answer.Later.class,
                handler.list(ListTransactionsRequest.builder().build()));
        meanwhile.run();
        return assertInstanceOf(
                ListTransactionsResponse.class, answer.response().call());
    }

    private void depose() {
        replica.assign(new Assignment(2, 1, 1, BOTH, BOTH));
    }

    @Test
    void doesNotListWhatIsLostWithIt() throws Exception {
        PendingResult introduced = host.submit(new Command.InitProducerId("id", 60_000, null, OptionalLong.of(7)));
        ListTransactionsResponse listed = list(this::depose);
        assertEquals(ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code(), listed.errorCode());
        assertEquals(List.of(), listed.transactionStates());
        assertEquals(ErrorCode.NOT_COORDINATOR, introduced.await().error());
    }

    /** By it, who has not loaded its coordinator yet knows that it will, and says so instead of sending clients away. */
    @Test
    void isExpectedWhereItsPartitionIsLed() {
        assertTrue(partitions.leads(TOPIC, 0));
        assertFalse(partitions.leads(TOPIC, 1));
        depose();
        assertFalse(partitions.leads(TOPIC, 0));
    }

    @Test
    void decidesNothingAnyMore() throws Exception {
        depose();
        PendingResult refused = host.submit(new Command.InitProducerId("id", 60_000, null, OptionalLong.of(7)));
        assertEquals(ErrorCode.NOT_COORDINATOR, refused.await().error());
    }

    @Test
    void asksToComeAgainWhileItIsLoaded() {
        ListTransactionsHandler handler =
                new ListTransactionsHandler(new ListTransactionsHandler.Hosts(List::of, () -> true));
        Answer.Now answer = assertInstanceOf(
                Answer.Now.class, handler.list(ListTransactionsRequest.builder().build()));
        assertEquals(
                ErrorCode.COORDINATOR_LOAD_IN_PROGRESS.code(),
                assertInstanceOf(ListTransactionsResponse.class, answer.response())
                        .errorCode());
    }
}
