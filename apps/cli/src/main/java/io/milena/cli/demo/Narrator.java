package io.milena.cli.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;

/** Tells a story on a terminal or into a file: chapters, sentences, pictures, at a pace at which one can read. */
public final class Narrator {
    private static final int WIDTH = 78;
    private static final long READING_MS = 2_500;

    private final PrintStream out;
    private final InputStream in;
    private final Pace pace;
    private final boolean isColoured;
    private final boolean hasDrawings;

    /** When the next chapter begins. */
    public enum Pace {
        /** After a moment. */
        READING,
        /** When a key is pressed. */
        PAUSING,
        /** At once. */
        FAST
    }

    public Narrator(PrintStream out, InputStream in, Pace pace, boolean isColoured) {
        this.out = out;
        this.in = in;
        this.pace = pace;
        this.isColoured = isColoured;
        this.hasDrawings = out.charset().newEncoder().canEncode("─│●○✗→·…✓");
    }

    /** How a word is shown where there are colours. */
    enum Tone {
        LOUD("1"),
        GOOD("32"),
        BAD("31"),
        FAINT("2");

        private final String code;

        Tone(String code) {
            this.code = code;
        }
    }

    String toned(Tone tone, String text) {
        return isColoured ? "\u001b[" + tone.code + "m" + text + "\u001b[0m" : text;
    }

    void title(String text) {
        println("");
        println(toned(Tone.LOUD, text));
        println(toned(Tone.FAINT, "─".repeat(WIDTH)));
    }

    void say(String text) {
        println("  " + text);
    }

    void picture(List<String> lines) {
        println("");
        lines.forEach(line -> println("      " + line.stripTrailing()));
        println("");
    }

    /** The end of a chapter. */
    void rest() throws IOException, InterruptedException {
        switch (pace) {
            case READING -> Thread.sleep(READING_MS);
            case PAUSING -> awaitKey();
            case FAST -> {}
        }
    }

    private void awaitKey() throws IOException {
        print(toned(Tone.FAINT, "  [Enter] "));
        for (int read = in.read(); read >= 0 && read != '\n'; read = in.read()) {}
    }

    private void println(String line) {
        print(line + System.lineSeparator());
    }

    private void print(String text) {
        out.print(hasDrawings ? text : inAscii(text));
        out.flush();
    }

    private static String inAscii(String text) {
        return text.replace('─', '-')
                .replace('│', '|')
                .replace('●', '*')
                .replace('○', 'o')
                .replace('✗', 'x')
                .replace('·', '.')
                .replace('✓', '=')
                .replace("→", "->")
                .replace("…", "...");
    }
}
