package org.millrace.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.hl7v2.model.Composite;
import ca.uhn.hl7v2.model.Group;
import ca.uhn.hl7v2.model.Segment;
import ca.uhn.hl7v2.model.Type;
import ca.uhn.hl7v2.model.primitive.ID;
import ca.uhn.hl7v2.model.v251.message.ACK;
import ca.uhn.hl7v2.model.v251.segment.PID;
import ca.uhn.hl7v2.parser.DefaultModelClassFactory;
import ca.uhn.hl7v2.parser.ModelClassFactory;
import java.io.File;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamReader;
import org.junit.jupiter.api.Test;

/**
 * Makes the list of code systems from R4's own definitions and from the dictionary of v2.5.1, and
 * holds the list that ships against it. After a new version of either, write it anew:
 *
 * <pre>mvn test -Dtest=CodeSystemListTest -Dmillrace.write-code-systems=true</pre>
 */
class CodeSystemListTest {
  private static final Path SHIPPED =
      Path.of("src/main/resources/org/millrace/mapping", CodeSystems.FILE);
  private static final String DEFINITIONS = "/org/hl7/fhir/r4/model/valueset/";

  /** Only lists said to be complete are; of the others R4 gives examples. */
  private static final String COMPLETE = "complete";

  /** In lists of v2 tables: more may follow, a number stands here, or a site's own letters. */
  private static final Pattern PLACEHOLDER = Pattern.compile(".*(\\.\\.\\.|\u2026|<\\w+>|99zzz).*");

  /** Codes that HL7 added to a system after R4, and that servers of R4 send. */
  private static final Map<String, List<String>> ADDED_SINCE =
      Map.of("http://terminology.hl7.org/CodeSystem/v3-MaritalStatus", List.of("C"));

  private final Map<String, TreeSet<String>> systems = new TreeMap<>();

  @Test
  void theListThatShipsIsTheOneOfR4() throws Exception {
    for (String file : List.of("v2-tables.xml", "v3-codesystems.xml", "valuesets.xml")) {
      definitions(file);
    }
    TreeSet<String> ownTables = tablesOfIds();
    ownTables.removeIf(number -> isOpen(CodeSystems.V2 + number));
    systems.values().forEach(codes -> codes.removeIf(PLACEHOLDER.asMatchPredicate()));
    ADDED_SINCE.forEach((system, codes) -> keep(system, new TreeSet<>(codes)));
    String list = text(ownTables);
    if (Boolean.getBoolean("millrace.write-code-systems")) {
      Files.writeString(SHIPPED, list);
    }
    assertThat(Files.readString(SHIPPED)).isEqualTo(list);
  }

  private boolean isOpen(String system) {
    TreeSet<String> codes = systems.get(system);
    return codes == null
        || codes.isEmpty()
        || codes.stream().anyMatch(PLACEHOLDER.asMatchPredicate());
  }

  private String text(TreeSet<String> ownTables) {
    StringBuilder text =
        new StringBuilder(
            "# Code systems of HL7 FHIR R4 (4.0.1) and the tables of HL7 v2 in it, as HL7 published"
                + " them under CC0.\n# A line holds a system and its codes, tabs between; without"
                + " codes, R4 does not list them all.\n# Made by CodeSystemListTest; do not"
                + " edit.\n");
    text.append(CodeSystems.OWN_TABLES);
    ownTables.forEach(number -> text.append('\t').append(number));
    systems.forEach(
        (system, codes) -> {
          text.append('\n').append(system);
          codes.forEach(code -> text.append('\t').append(code));
        });
    return text.append('\n').toString();
  }

  /** Every code system of a bundle, with its codes at any depth. */
  private void definitions(String file) throws Exception {
    XMLInputFactory factory = XMLInputFactory.newFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    try (InputStream in = CodeSystemListTest.class.getResourceAsStream(DEFINITIONS + file)) {
      XMLStreamReader xml = factory.createXMLStreamReader(in, StandardCharsets.UTF_8.name());
      while (xml.hasNext()) {
        if (xml.next() == XMLStreamConstants.START_ELEMENT
            && xml.getLocalName().equals("CodeSystem")) {
          codeSystem(xml);
        }
      }
    }
  }

  private void codeSystem(XMLStreamReader xml) throws Exception {
    String url = "";
    String content = "";
    TreeSet<String> codes = new TreeSet<>();
    ArrayDeque<String> open = new ArrayDeque<>();
    open.push("CodeSystem");
    while (!open.isEmpty()) {
      int event = xml.next();
      if (event == XMLStreamConstants.END_ELEMENT) {
        open.pop();
      } else if (event == XMLStreamConstants.START_ELEMENT) {
        String name = xml.getLocalName();
        String value = xml.getAttributeValue(null, "value");
        String parent = open.peek();
        if (name.equals("code") && parent.equals("concept")) {
          codes.add(value.strip());
        } else if (name.equals("url") && parent.equals("CodeSystem")) {
          url = value;
        } else if (name.equals("content") && parent.equals("CodeSystem")) {
          content = value;
        }
        open.push(name);
      }
    }
    keep(url, content.equals(COMPLETE) ? codes : new TreeSet<>());
  }

  /** Two versions of one v2 table have one line: a code of either is a code. */
  private void keep(String url, TreeSet<String> codes) {
    if (url.startsWith("http://terminology.hl7.org/") || url.startsWith("http://hl7.org/fhir/")) {
      systems
          .computeIfAbsent(url.replaceFirst("\\|.*", ""), system -> new TreeSet<>())
          .addAll(codes);
    }
  }

  /** The tables that v2.5.1 binds to fields of type ID, whose codes HL7 alone defines. */
  private static TreeSet<String> tablesOfIds() throws Exception {
    TreeSet<String> tables = new TreeSet<>();
    ModelClassFactory models = new DefaultModelClassFactory();
    File jar = new File(PID.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String folder = PID.class.getPackageName().replace('.', '/') + "/";
    try (JarFile classes = new JarFile(jar)) {
      for (JarEntry entry : classes.stream().toList()) {
        String name = entry.getName();
        if (name.startsWith(folder) && name.endsWith(".class") && !name.contains("$")) {
          Class<?> type =
              Class.forName(name.replace('/', '.').substring(0, name.length() - ".class".length()));
          if (Segment.class.isAssignableFrom(type)) {
            Segment segment =
                (Segment)
                    type.getConstructor(Group.class, ModelClassFactory.class)
                        .newInstance(new ACK(models), models);
            for (int field = 1; field <= segment.numFields(); field++) {
              tables(segment.getField(field, 0), tables);
            }
          }
        }
      }
    }
    return tables;
  }

  private static void tables(Type type, TreeSet<String> tables) {
    if (type instanceof ID id && id.getTable() > 0) {
      tables.add("%04d".formatted(id.getTable()));
    } else if (type instanceof Composite composite) {
      for (Type component : composite.getComponents()) {
        tables(component, tables);
      }
    }
  }
}
