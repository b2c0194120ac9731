package io.milena.generator;

/** Java source text in the making: lines, indented by the braces they open. */
final class JavaSource {
    private final StringBuilder text = new StringBuilder();
    private int depth;

    /** Adds a line; one that starts with a closing brace goes out a level, one that ends with an opening brace leads in. */
    JavaSource line(String line) {
        if (line.startsWith("}")) {
            depth--;
        }
        text.append("    ".repeat(line.isEmpty() ? 0 : depth)).append(line).append('\n');
        if (line.endsWith("{")) {
            depth++;
        }
        return this;
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
