package io.milena.benchmarks;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What was measured, one value a round of each peer, not finite where there was nothing to divide by; printed as medians, the median of the pairwise ratios Milena / Kafka, and the ratios' range. */
final class Figures {
    private static final MathContext DIGITS = new MathContext(4);

    private final Map<String, Map<Peer, List<Double>>> values = new LinkedHashMap<>();

    void note(String figure, Peer peer, double value) {
        values.computeIfAbsent(figure, name -> new EnumMap<>(Peer.class))
                .computeIfAbsent(peer, p -> new ArrayList<>())
                .add(value);
        System.err.printf(Locale.ROOT, "  %s: %s%n", figure, plain(value));
    }

    String table() {
        StringBuilder table = new StringBuilder(
                "| figure | Kafka | Milena | Milena / Kafka | range |\n| --- | ---: | ---: | ---: | --- |\n");
        values.forEach((figure, byPeer) -> table.append(row(figure, byPeer)));
        return table.toString();
    }

    private static String row(String figure, Map<Peer, List<Double>> byPeer) {
        double[] kafka = numbers(byPeer.getOrDefault(Peer.KAFKA, List.of()));
        double[] milena = numbers(byPeer.getOrDefault(Peer.MILENA, List.of()));
        double[] ratios = new double[Math.min(kafka.length, milena.length)];
        Arrays.setAll(ratios, i -> kafka[i] == 0 ? Double.NaN : milena[i] / kafka[i]);
        Arrays.sort(ratios);
        String range = ratios.length == 0 ? "-" : ratio(ratios[0]) + ".." + ratio(ratios[ratios.length - 1]);
        return "| " + figure + " | " + plain(median(kafka)) + " | " + plain(median(milena)) + " | "
                + ratio(median(ratios)) + " | " + range + " |\n";
    }

    private static double[] numbers(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    private static String plain(double value) {
        return Double.isFinite(value) ? new BigDecimal(value, DIGITS).toPlainString() : "-";
    }

    /** With two digits that count, however small. */
    private static String ratio(double value) {
        if (!Double.isFinite(value)) {
            return "-";
        }
        return value < 0.1
                ? new BigDecimal(value, new MathContext(2)).toPlainString()
                : String.format(Locale.ROOT, "%.2f", value);
    }
}
