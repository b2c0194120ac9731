package io.milena.compatibility;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Hosts of this machine's own making, 1 to n, each a network namespace with an address, all on one bridge on which this JVM is too. Links between them are cut in one direction or both. Needs the rights of root. */
final class TestHosts implements AutoCloseable {
    private static final int OURS = 254;

    private final int hosts;
    /** Others may test here at the same time. */
    private final long run = ProcessHandle.current().pid() % 250;

    private TestHosts(int hosts) {
        this.hosts = hosts;
    }

    /** Null, with a word why, on a machine that does not allow it. */
    static @Nullable TestHosts makeIfPossible(int hosts) {
        TestHosts made = new TestHosts(hosts);
        if (made.run("netns list") != null) {
            System.out.println("no links are cut: " + made.run("netns list"));
            return null;
        }
        made.close();
        String obstacle = made.make();
        if (obstacle != null) {
            made.close();
            System.out.println("no links are cut: " + obstacle);
            return null;
        }
        return made;
    }

    private @Nullable String make() {
        List<String> commands = new ArrayList<>(List.of(
                "link add " + bridge() + " type bridge",
                "addr add " + address(OURS) + "/24 dev " + bridge(),
                "link set " + bridge() + " up"));
        for (int host = 1; host <= hosts; host++) {
            String name = name(host);
            commands.addAll(List.of(
                    "netns add " + name,
                    "link add " + name + " type veth peer name eth0 netns " + name,
                    "link set " + name + " master " + bridge() + " up",
                    "-n " + name + " addr add " + address(host) + "/24 dev eth0",
                    "-n " + name + " link set eth0 up",
                    "-n " + name + " link set lo up"));
        }
        return commands.stream()
                .map(this::run)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** Null, or why not. */
    private @Nullable String run(String arguments) {
        try {
            ExternalProgram.Result result = ip(arguments);
            return result.exit() == 0 ? null : "ip " + arguments + ": " + result.errors();
        } catch (UncheckedIOException e) {
            return e.getMessage();
        }
    }

    private String bridge() {
        return "milena-" + run;
    }

    private String name(int host) {
        return "milena-" + run + "-" + host;
    }

    String address(int host) {
        return "10.213." + run + "." + host;
    }

    /** The command, to be run on a host. */
    List<String> on(int host, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", name(host)));
        all.addAll(command);
        return all;
    }

    /** Nothing that one host sends arrives at the other any more, and nothing says so. */
    void cut(int from, int to) {
        ip("-n " + name(from) + " route replace blackhole " + address(to) + "/32")
                .expectSuccess();
    }

    /** Whether the kernel can make links slow. */
    boolean canBeSlow() {
        boolean can = slow(name(1)) == 0;
        quicken(1);
        return can;
    }

    /** All that a host sends goes through a narrow pipe: a megabit a second, up to 300 ms of waiting, and what does not fit is dropped. */
    void slow(int host) {
        if (slow(name(host)) != 0) {
            throw new IllegalStateException("the links of " + name(host) + " cannot be made slow");
        }
    }

    private static int slow(String name) {
        return ExternalProgram.run(List.of(
                        "tc", "-n", name, "qdisc", "replace", "dev", "eth0", "root", "tbf", "rate", "1mbit", "burst",
                        "4kb", "latency", "300ms"))
                .exit();
    }

    private void quicken(int host) {
        ExternalProgram.run(List.of("tc", "-n", name(host), "qdisc", "del", "dev", "eth0", "root"));
    }

    /** All links work again. */
    void heal() {
        for (int host = 1; host <= hosts; host++) {
            quicken(host);
        }
        for (int from = 1; from <= hosts; from++) {
            for (int to = 1; to <= hosts; to++) {
                ip("-n " + name(from) + " route del blackhole " + address(to) + "/32");
            }
        }
    }

    private static ExternalProgram.Result ip(String arguments) {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments.split(" ")));
        return ExternalProgram.run(command);
    }

    @Override
    public void close() {
        for (int host = 1; host <= hosts; host++) {
            ip("netns del " + name(host));
        }
        ip("link del " + bridge());
    }
}
