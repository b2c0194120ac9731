package io.milena.simulator;

import java.io.IOException;

/**
 * One reading, processing, writing program, of which several instances may run: it copies an input to every partition of an output, in transactions that say also how far it has come.
 *
 * @param numbersMax of one transaction, as long as more may come
 */
public record Pipeline(int number, Input input, String output, int partitions, int numbersMax, int timeoutMs) {
    /** What is copied: numbers from 0 on. */
    public interface Input {
        String topic();

        int partition();

        /** How many there are from a number on, as far as is known now. */
        int ahead(Brokers brokers, int from) throws IOException;

        /** Whether no more will come. */
        boolean isOver();

        /** How many there are when it is over. */
        int count();
    }

    String transactionalId() {
        return "copier-" + number;
    }

    String group() {
        return "copiers-" + number;
    }
}
