package io.milena.simulator.cluster;

import io.milena.testkit.DiskOperation;
import io.milena.testkit.LinkSettings;
import io.milena.testkit.SimulatedEnvironment;
import io.milena.testkit.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What goes wrong in a cluster, by seed, and when it is over. Works on the thread that drives the world, between two steps. */
final class Faults {
    private static final long GAP_MS_MAX = 500;
    private static final long CLOCK_ERROR_MS = 10;

    private final SimulatedEnvironment world;
    private final SimulatedQuorum quorum;
    private final List<Machine> machines;
    private final List<String> hosts = new ArrayList<>();
    private final RandomGenerator random;
    private final List<Repair> repairs = new ArrayList<>();
    private long nextNanos;
    /** Of those that begin here; others count the rest. */
    private final FaultCounts begun = new FaultCounts();

    private int count;

    /** Something ends at its time. */
    private record Repair(long atNanos, Runnable action) {}

    Faults(SimulatedEnvironment world, SimulatedQuorum quorum, List<Machine> machines) {
        this.world = world;
        this.quorum = quorum;
        this.machines = machines;
        this.random = world.random();
        machines.forEach(machine -> hosts.add(machine.host()));
        hosts.add(world.test().host());
    }

    int count() {
        return count;
    }

    /** How often each kind has happened up to now. */
    FaultCounts counts() {
        FaultCounts counts = new FaultCounts();
        counts.add(begun);
        Traffic traffic = world.network().traffic();
        counts.add(Fault.LOST_MESSAGE, traffic.lost());
        counts.add(Fault.DELAYED_MESSAGE, traffic.delayed());
        counts.add(Fault.OVERTAKING_MESSAGE, traffic.overtaking());
        for (Machine machine : machines) {
            counts.add(Fault.DISK_ERROR, machine.faults().errors());
            counts.add(Fault.DISK_DELAY, machine.faults().delays());
            counts.add(Fault.CLOCK_ERROR, machine.clockErrorMs() >= CLOCK_ERROR_MS ? 1 : 0);
        }
        counts.add(Fault.CONTROLLER_CHANGE, quorum.changes());
        return counts;
    }

    /** Lets happen what is due now. */
    void happen() {
        long now = world.clock().nanos();
        for (int i = 0; i < repairs.size(); i++) {
            if (repairs.get(i).atNanos <= now) {
                repairs.remove(i--).action.run();
            }
        }
        if (now >= nextNanos) {
            nextNanos = now + random.nextLong(GAP_MS_MAX) * 1_000_000;
            count++;
            begin();
        }
    }

    private void after(long maxMs, Runnable action) {
        repairs.add(new Repair(world.clock().nanos() + (1 + random.nextLong(maxMs)) * 1_000_000, action));
    }

    private void begin() {
        Machine machine = machines.get(random.nextInt(machines.size()));
        switch (random.nextInt(15)) {
            case 0, 1 -> losePower(machine);
            case 2 -> kill(machine);
            case 3 -> everybodyLosesPower();
            case 4, 5 -> cutOneWay();
            case 6 -> isolate(machine);
            case 7, 8 -> slowDown();
            case 9 -> world.network().reset(anyHost(), anyHost());
            case 10, 11 -> suspend(machine);
            case 12 -> quorum.disturb();
            case 13 -> slowDisk(machine);
            default -> failingDisk(machine);
        }
    }

    private String anyHost() {
        return hosts.get(random.nextInt(hosts.size()));
    }

    private void losePower(Machine machine) {
        if (machine.losePower(random)) {
            begun.add(Fault.POWER_LOSS_WITH_LOST_WRITES, 1);
        }
        after(1_500, machine::start);
    }

    private void kill(Machine machine) {
        if (machine.isUp()) {
            begun.add(Fault.KILL, 1);
        }
        machine.kill();
        after(1_500, machine::start);
    }

    private void everybodyLosesPower() {
        if (random.nextInt(4) == 0) {
            machines.forEach(this::losePower);
        }
    }

    private void cutOneWay() {
        String from = anyHost();
        String to = anyHost();
        if (!from.equals(to)) {
            world.network().cut(from, to);
            begun.add(Fault.ONE_WAY_PARTITION, 1);
            after(2_500, () -> world.network().heal(from, to));
        }
    }

    private void isolate(Machine machine) {
        List<String> others = new ArrayList<>(hosts);
        others.remove(machine.host());
        if (random.nextBoolean()) {
            others.remove(world.test().host()); // clients still reach it
        }
        world.network().partition(List.of(machine.host()), others);
        begun.add(Fault.PARTITION, 1);
        after(
                2_500,
                () -> others.forEach(other -> {
                    world.network().heal(machine.host(), other);
                    world.network().heal(other, machine.host());
                }));
    }

    private void slowDown() {
        String from = anyHost();
        String to = anyHost();
        long most = 1_000_000 * (10 + random.nextLong(300));
        world.network().link(from, to, LinkSettings.standard().withLatencyNanos(most / 10, most));
        after(2_000, () -> world.network().link(from, to, LinkSettings.standard()));
    }

    private void suspend(Machine machine) {
        if (machine.suspend()) {
            begun.add(Fault.PAUSE, 1);
        }
        after(2_500, machine::resume);
    }

    private void slowDisk(Machine machine) {
        machine.faults().latency(DiskOperation.FORCE, 1_000_000 * (1 + random.nextLong(200)));
        after(1_500, machine.faults()::heal);
    }

    /** Its directory goes offline, until somebody starts the broker again. */
    private void failingDisk(Machine machine) {
        machine.faults().rate(random.nextBoolean() ? DiskOperation.FORCE : DiskOperation.WRITE, 0.2);
        after(300, machine.faults()::heal);
        after(2_000, () -> {
            machine.faults().heal();
            machine.kill();
            machine.start();
        });
    }

    /** After the end: a broker may find out only now, as it starts or goes on, what its disk has not done before. Whoever looks after the machine starts it again. */
    void repair() {
        for (Machine machine : machines) {
            if (machine.hasFailed() && (machine.needsRestart() || !machine.isUp())) {
                machine.kill();
                machine.start();
            }
        }
    }

    /** From now on nothing goes wrong any more; what has, is repaired. */
    void end() {
        repairs.clear();
        world.network().healAll();
        for (String from : hosts) {
            for (String to : hosts) {
                world.network().link(from, to, LinkSettings.standard());
            }
        }
        for (Machine machine : machines) {
            machine.faults().heal();
            machine.resume();
            if (machine.needsRestart()) {
                machine.kill();
            }
            machine.start();
        }
    }
}
