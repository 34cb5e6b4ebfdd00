package org.millrace.app;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.annotation.Create;
import ca.uhn.fhir.rest.annotation.IdParam;
import ca.uhn.fhir.rest.annotation.OptionalParam;
import ca.uhn.fhir.rest.annotation.Read;
import ca.uhn.fhir.rest.annotation.RequiredParam;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.annotation.Search;
import ca.uhn.fhir.rest.api.MethodOutcome;
import ca.uhn.fhir.rest.param.DateRangeParam;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.StringParam;
import ca.uhn.fhir.rest.param.TokenParam;
import ca.uhn.fhir.rest.server.FifoMemoryPagingProvider;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.Date;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.DocumentReference;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/** HAPI FHIR's own server with a few resources in memory: a FHIR server that nobody of us wrote. */
final class PlainFhirServer implements AutoCloseable {
  /** How many resources are on a page at most. */
  static final int PAGE = 10;

  final Charts<Patient> patients = new Charts<>("Patient");
  final Charts<Encounter> encounters = new Charts<>("Encounter");
  final Charts<DocumentReference> documents = new Charts<>("DocumentReference");
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  PlainFhirServer() throws Exception {
    RestfulServer fhir = new RestfulServer(FhirContext.forR4Cached());
    fhir.setResourceProviders(
        new Patients(patients), new Encounters(encounters), new Documents(documents));
    fhir.setPagingProvider(
        new FifoMemoryPagingProvider(10).setDefaultPageSize(PAGE).setMaximumPageSize(PAGE));
    ServletContextHandler context = new ServletContextHandler("/");
    context.addServlet(new ServletHolder(fhir), "/base/*");
    connector.setHost("127.0.0.1");
    connector.setPort(0);
    server.addConnector(connector);
    server.setHandler(context);
    server.start();
  }

  String baseUrl() {
    return "http://127.0.0.1:" + connector.getLocalPort() + "/base";
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  /** The resources of one type by id. */
  static final class Charts<T extends Resource> {
    private final Map<String, T> byId = new ConcurrentSkipListMap<>();
    private final String type;

    Charts(String type) {
      this.type = type;
    }

    IdType add(T resource) {
      IdType id = new IdType(type, type.toLowerCase(Locale.ROOT) + "-" + (byId.size() + 1), "1");
      resource.setId(id);
      resource.getMeta().setVersionId("1").setLastUpdated(new Date());
      byId.put(id.getIdPart(), resource);
      return id;
    }

    T read(IdType id) {
      T found = byId.get(id.getIdPart());
      if (found == null) {
        throw new ResourceNotFoundException(id);
      }
      return found;
    }

    List<T> all() {
      return List.copyOf(byId.values());
    }
  }

  /** Patients by identifier, family name and birth date. */
  public static final class Patients implements IResourceProvider {
    private final Charts<Patient> charts;

    Patients(Charts<Patient> charts) {
      this.charts = charts;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
      return Patient.class;
    }

    @Read
    public Patient read(@IdParam IdType id) {
      return charts.read(id);
    }

    @Search
    public List<Patient> search(
        @OptionalParam(name = "identifier") @Nullable TokenParam identifier,
        @OptionalParam(name = "family") @Nullable StringParam family) {
      return charts.all().stream()
          .filter(each -> identifier == null || has(each, identifier))
          .filter(each -> family == null || named(each, family))
          .toList();
    }

    private static boolean has(Patient patient, TokenParam wanted) {
      return patient.getIdentifier().stream()
          .anyMatch(
              each ->
                  each.getValue().equals(wanted.getValue())
                      && (wanted.getSystem() == null
                          || each.getSystem().equals(wanted.getSystem())));
    }

    private static boolean named(Patient patient, StringParam family) {
      String wanted = family.getValue().toLowerCase(Locale.ROOT);
      return patient.getName().stream()
          .anyMatch(name -> name.getFamily().toLowerCase(Locale.ROOT).startsWith(wanted));
    }
  }

  /** Encounters of a patient. */
  public static final class Encounters implements IResourceProvider {
    private final Charts<Encounter> charts;

    Encounters(Charts<Encounter> charts) {
      this.charts = charts;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
      return Encounter.class;
    }

    @Read
    public Encounter read(@IdParam IdType id) {
      return charts.read(id);
    }

    @Search
    public List<Encounter> search(@RequiredParam(name = "patient") ReferenceParam patient) {
      return charts.all().stream()
          .filter(
              each ->
                  each.getSubject().getReferenceElement().getIdPart().equals(patient.getIdPart()))
          .toList();
    }
  }

  /** Documents of a patient; new ones get an id. */
  public static final class Documents implements IResourceProvider {
    private final Charts<DocumentReference> charts;

    Documents(Charts<DocumentReference> charts) {
      this.charts = charts;
    }

    @Override
    public Class<? extends IBaseResource> getResourceType() {
      return DocumentReference.class;
    }

    @Read
    public DocumentReference read(@IdParam IdType id) {
      return charts.read(id);
    }

    @Create
    public MethodOutcome create(@ResourceParam DocumentReference document) {
      return new MethodOutcome(charts.add(document), true);
    }

    @Search
    public List<DocumentReference> search(
        @RequiredParam(name = "patient") ReferenceParam patient,
        @OptionalParam(name = "_lastUpdated") @Nullable DateRangeParam changed) {
      return charts.all().stream()
          .filter(
              each ->
                  each.getSubject().getReferenceElement().getIdPart().equals(patient.getIdPart()))
          .filter(
              each ->
                  changed == null
                      || changed.getLowerBoundAsInstant() == null
                      || !each.getMeta().getLastUpdated().before(changed.getLowerBoundAsInstant()))
          .toList();
    }
  }
}
