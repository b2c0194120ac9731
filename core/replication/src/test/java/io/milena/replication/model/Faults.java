package io.milena.replication.model;

import java.util.List;

/** What goes wrong, and what administrators do meanwhile. */
final class Faults {
    private final Story story;
    private final World world;

    Faults(Story story) {
        this.story = story;
        this.world = story.world();
    }

    void begin() {
        next();
    }

    private void next() {
        world.after(world.some(400), () -> {
            if (!world.isCalm()) {
                happen();
                next();
            }
        });
    }

    private void happen() {
        ModelBroker broker = any(story.brokers());
        switch (world.random.nextInt(14)) {
            case 0, 1, 2 -> crash(broker);
            case 3 -> broker.pause(world.some(2_000));
            case 4, 5 -> cut(broker.id, any(story.brokers()).id);
            case 6 -> cut(broker.id, World.CONTROLLER);
            case 7 -> cut(World.CONTROLLER, broker.id);
            case 8 -> story.controller().moveLeadership();
            case 11 -> fastFailOver();
            case 12, 13 -> world.storm(world.some(1_500));
            case 9 -> reassign();
            case 10 -> broker.deleteRecords();
            default -> story.controller().fence(broker.id);
        }
    }

    /** Leaders change so fast that not every broker hears of each (KIP-279). */
    private void fastFailOver() {
        long delayMs = 0;
        for (int move = 0; move < 3; move++) {
            world.after(delayMs, story.controller()::moveLeadership);
            delayMs += world.some(60);
        }
    }

    private <T> T any(List<T> items) {
        return items.get(world.random.nextInt(items.size()));
    }

    private void cut(int from, int to) {
        if (from != to) {
            world.cut(from, to, world.some(1_500));
        }
    }

    /** Its connections break, so that the controller may know at once. A disk is lost only when everything that is committed is elsewhere too. */
    private void crash(ModelBroker broker) {
        if (!broker.isAlive()) {
            return;
        }
        broker.crash();
        if (world.happens(0.5)) {
            world.after(world.some(20), () -> {
                if (!broker.isAlive()) {
                    story.controller().fence(broker.id);
                }
            });
        }
        world.after(world.some(1_500), () -> {
            if (!broker.isAlive()) {
                broker.restart(world.happens(0.2) && story.controller().canSpareTheDiskOf(broker.id));
            }
        });
    }

    private void reassign() {
        List<Integer> ids = story.brokers().stream().map(broker -> broker.id).toList();
        if (story.controller().isReassigning() || ids.size() == 3) {
            return;
        }
        int from = world.random.nextInt(ids.size());
        story.controller()
                .reassign(List.of(ids.get(from), ids.get((from + 1) % ids.size()), ids.get((from + 2) % ids.size())));
    }
}
