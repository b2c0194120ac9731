package io.milena.simulator.cluster;

import io.milena.simulator.ClassicMember;
import io.milena.simulator.ConsumerMember;
import io.milena.simulator.Team;
import io.milena.simulator.Work;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/** Members of a group that read the diary, and take each other for dead now and then; all by the classic protocol, or all by that of KIP-848. */
final class Members implements Workload {
    private static final int MEMBERS = 3;

    private final Stage stage;
    private final Team team;
    private final Function<Team, Work> kind;
    private final List<ClusterClient> members = new ArrayList<>();

    private Members(Stage stage, Diary diary, Function<Team, Work> kind) {
        this.stage = stage;
        this.team = new Team(
                "team",
                IntStream.range(0, Diary.PARTITIONS).mapToObj(diary::input).toList());
        this.kind = kind;
    }

    static Members classic(Stage stage, Diary diary) {
        return new Members(stage, diary, ClassicMember::new);
    }

    static Members consumers(Stage stage, Diary diary) {
        return new Members(stage, diary, ConsumerMember::new);
    }

    @Override
    public Map<String, Integer> topics() {
        return Map.of();
    }

    @Override
    public void begin() {
        for (int i = 0; i < MEMBERS; i++) {
            members.add(stage.client(kind.apply(team)));
        }
        members.forEach(member -> member.start("member"));
    }

    @Override
    public List<Integer> progress() {
        return List.of(team.commits());
    }

    @Override
    public boolean isDone() {
        return members.stream().allMatch(ClusterClient::isDone);
    }

    @Override
    public List<ClusterClient> beginToJudge() {
        ClusterClient look = stage.client(team::look);
        look.start("look");
        return List.of(look);
    }

    @Override
    public void judge() {}
}
