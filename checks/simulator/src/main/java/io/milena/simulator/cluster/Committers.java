package io.milena.simulator.cluster;

import io.milena.simulator.invariants.CommittedOffsetsNeverGoBack;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Programs that commit offsets, each for a group in which it is alone and no member. */
final class Committers implements Workload {
    private static final int GROUPS = 2;

    private final Stage stage;
    private final CommittedOffsetsNeverGoBack offsets = new CommittedOffsetsNeverGoBack();
    private List<ClusterCommitter> committers = List.of();

    Committers(Stage stage) {
        this.stage = stage;
    }

    @Override
    public Map<String, Integer> topics() {
        return Map.of();
    }

    @Override
    public void begin() {
        committers = start();
    }

    private List<ClusterCommitter> start() {
        List<ClusterCommitter> started = new ArrayList<>();
        for (int group = 0; group < GROUPS; group++) {
            ClusterCommitter committer = new ClusterCommitter(stage, "audit-" + group, offsets);
            committer.start("committer");
            started.add(committer);
        }
        return started;
    }

    @Override
    public List<Integer> progress() {
        return committers.stream().map(committer -> (int) committer.confirmed()).toList();
    }

    @Override
    public boolean isDone() {
        return committers.stream().allMatch(ClusterClient::isDone);
    }

    /** When it is enough, one that is new only looks what was committed. */
    @Override
    public List<ClusterClient> beginToJudge() {
        return List.copyOf(start());
    }

    @Override
    public void judge() {}
}
