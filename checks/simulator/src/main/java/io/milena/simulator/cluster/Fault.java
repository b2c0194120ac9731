package io.milena.simulator.cluster;

/** What may go wrong in a cluster, and is counted. */
public enum Fault {
    LOST_MESSAGE("messages lost"),
    DELAYED_MESSAGE("delayed"),
    OVERTAKING_MESSAGE("before an earlier one of another connection"),
    ONE_WAY_PARTITION("links cut in one direction"),
    PARTITION("brokers cut off"),
    POWER_LOSS_WITH_LOST_WRITES("power losses with lost unforced writes"),
    KILL("processes killed"),
    DISK_ERROR("disk errors"),
    DISK_DELAY("slow disk operations"),
    PAUSE("processes suspended"),
    CLOCK_ERROR("clocks wrong by 10 ms or more"),
    CONTROLLER_CHANGE("changes of the controller"),
    REASSIGNMENT("reassignments");

    private final String text;

    Fault(String text) {
        this.text = text;
    }

    /** What so many of them are. */
    String text() {
        return text;
    }
}
