package io.milena.broker.quorum;

import io.milena.broker.cluster.ClusterMetadata;
import io.milena.metadata.ClusterImage;
import io.milena.metadata.Outcome;
import io.milena.protocol.record.UnregisterControllerRecord;
import io.milena.quorum.NotLeadingException;
import io.milena.quorum.Quorum;
import io.milena.runtime.Clock;
import io.milena.runtime.Deadline;
import io.milena.runtime.Environment;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Looks, where the metadata are led, whether members of the quorum are to change their part, and sees to it. One thread. */
public final class QuorumUpkeep implements Runnable, AutoCloseable {
    private static final System.Logger LOG = System.getLogger(QuorumUpkeep.class.getName());
    private static final long INTERVAL_MS = 500;
    private static final long STRANGER_PATIENCE_MS = 10_000;

    private final ClusterMetadata metadata;
    private final Clock clock;
    private final Thread thread;
    private final Set<Integer> onceBrokers = new TreeSet<>();
    private final Map<Integer, Deadline> strangersSince = new TreeMap<>();
    private volatile boolean isStopping;

    public QuorumUpkeep(ClusterMetadata metadata, Environment environment) {
        this.metadata = metadata;
        this.clock = environment.clock();
        this.thread = environment.threads().start("quorum-upkeep", this);
    }

    @Override
    public void run() {
        try {
            while (!isStopping) {
                if (metadata.isLeading()) {
                    look();
                    clock.sleepMs(INTERVAL_MS);
                } else {
                    metadata.changed().await(() -> isStopping || metadata.isLeading(), Deadline.never());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            ClusterImage image = metadata.image();
            image.brokers().forEach(broker -> onceBrokers.add(broker.brokerId()));
            Quorum quorum = metadata.log().quorum();
            Set<Integer> promoted = QuorumGrowth.promoted(quorum, image);
            if (!promoted.isEmpty()) {
                LOG.log(Level.INFO, "Nodes {0} become voters of the metadata", promoted);
                metadata.log().promote(promoted);
            }
            for (int gone : QuorumGrowth.gone(quorum, image, onceBrokers)) {
                LOG.log(Level.INFO, "Broker {0} is unregistered and follows the metadata no more", gone);
                metadata.log().remove(gone);
                onceBrokers.remove(gone);
            }
            forget(QuorumGrowth.strangers(quorum, image));
        } catch (NotLeadingException e) {
            LOG.log(Level.DEBUG, "the leadership has ended");
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The members of the quorum could not be changed: {0}", e.getMessage());
        }
    }

    /** One that lives becomes a member again before that. */
    private void forget(Set<Integer> strangers) throws IOException {
        strangersSince.keySet().retainAll(strangers);
        for (int stranger : strangers) {
            Deadline patience =
                    strangersSince.computeIfAbsent(stranger, any -> Deadline.afterMs(clock, STRANGER_PATIENCE_MS));
            if (patience.isPast()) {
                LOG.log(Level.INFO, "Controller {0} has left the quorum", stranger);
                metadata.change((image, offset) -> new Outcome<>(
                        List.of(UnregisterControllerRecord.builder()
                                .controllerId(stranger)
                                .build()),
                        stranger));
            }
        }
    }

    @Override
    public void close() {
        isStopping = true;
        thread.interrupt();
    }
}
