package io.milena.simulator.cluster;

import java.util.List;
import java.util.Map;

/** What some clients do together in a story, and what must have come of it. */
interface Workload {
    /** The topics that have to be there, with how many partitions. */
    Map<String, Integer> topics();

    /** All clients start. */
    void begin();

    /** How much has got done, each number by clients that depend on nobody else. */
    List<Integer> progress();

    /** Whether all clients have come to an end, after somebody has found that it is enough. */
    boolean isDone();

    /** Starts clients that read everything. */
    List<ClusterClient> beginToJudge();

    /** They have read everything. */
    void judge();
}
