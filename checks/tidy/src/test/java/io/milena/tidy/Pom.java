package io.milena.tidy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;

/** What the rules need of a pom: its own artifact, its modules and its direct dependencies. */
record Pom(String artifactId, List<String> modules, List<Dependency> dependencies) {

    record Dependency(String groupId, String artifactId, String scope) {
        boolean isOurs() {
            return groupId.equals("io.milena");
        }

        boolean isForTests() {
            return scope.equals("test");
        }
    }

    static Pom read(Path file) {
        Element project = parse(file).getDocumentElement();
        List<String> modules = children(project, "modules").stream()
                .flatMap(e -> children(e, "module").stream())
                .map(Node::getTextContent)
                .toList();
        List<Dependency> dependencies = children(project, "dependencies").stream()
                .flatMap(e -> children(e, "dependency").stream())
                .map(e -> new Dependency(text(e, "groupId"), text(e, "artifactId"), text(e, "scope")))
                .toList();
        return new Pom(text(project, "artifactId"), modules, dependencies);
    }

    private static Document parse(Path file) {
        try {
            return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    private static String text(Element parent, String name) {
        return children(parent, name).stream()
                .findFirst()
                .map(Node::getTextContent)
                .map(String::strip)
                .orElse("");
    }
}
