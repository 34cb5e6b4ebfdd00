package org.millrace;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.DefaultProfileValidationSupport;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.validation.FhirValidator;
import ca.uhn.fhir.validation.ResultSeverityEnum;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.common.hapi.validation.support.CommonCodeSystemsTerminologyService;
import org.hl7.fhir.common.hapi.validation.support.InMemoryTerminologyServerValidationSupport;
import org.hl7.fhir.common.hapi.validation.support.ValidationSupportChain;
import org.hl7.fhir.common.hapi.validation.validator.FhirInstanceValidator;
import org.hl7.fhir.common.hapi.validation.validator.WorkerContextValidationSupportAdapter;
import org.hl7.fhir.r5.model.CodeSystem;
import org.hl7.fhir.r5.model.Resource;

/** The official R4 validator with the terminology that ships with R4. */
public final class OfficialValidator {
  private final FhirValidator validator;

  public OfficialValidator() {
    FhirContext model = FhirContext.forR4Cached();
    IValidationSupport support =
        new ValidationSupportChain(
            new DefaultProfileValidationSupport(model),
            new CommonCodeSystemsTerminologyService(model),
            new InMemoryTerminologyServerValidationSupport(model));
    FhirInstanceValidator module = new FhirInstanceValidator(support);
    module.setAnyExtensionsAllowed(true);
    module.setWrappedWorkerContext(support, new NewerContext(support));
    validator = model.newValidator().registerValidatorModule(module);
  }

  /**
   * What is wrong with a resource, of severity error and above; empty if it is valid. The validator
   * finds the type of a choice such as {@code multipleBirthInteger} by lower-casing it in the
   * default locale, which in Turkish makes no {@code integer} of it.
   */
  public List<String> errors(String json) {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.ROOT);
    try {
      return validator.validateWithResult(json).getMessages().stream()
          .filter(message -> message.getSeverity().compareTo(ResultSeverityEnum.ERROR) >= 0)
          .map(message -> message.getLocationString() + ": " + message.getMessage())
          .toList();
    } finally {
      Locale.setDefault(before);
    }
  }

  /**
   * HAPI's context, with the methods that the newer validator asks for and HAPI's class was
   * compiled without. Rules of version resolution decide nothing here: there is one version of R4.
   */
  @SuppressWarnings({"rawtypes", "NullAway"})
  private static final class NewerContext extends WorkerContextValidationSupportAdapter {
    private final Map<Class<?>, Object> analyses = new ConcurrentHashMap<>();

    private NewerContext(IValidationSupport support) {
      super(support);
    }

    @Override
    public long getDefinitionsVersion() {
      return 1;
    }

    @Override
    public void storeAnalysis(Class kind, Object analysis) {
      analyses.put(kind, analysis);
    }

    @Override
    public Object retrieveAnalysis(Class kind) {
      return analyses.get(kind);
    }

    @Override
    public <T extends Resource> T fetchResource(
        Class<T> type, String uri, VersionResolutionRules rules) {
      return fetchResource(type, uri);
    }

    @Override
    public <T extends Resource> T fetchResource(
        Class<T> type, String uri, VersionResolutionRules rules, String version, Resource source) {
      return fetchResource(type, uri, version, source);
    }

    @Override
    public <T extends Resource> T fetchResourceWithException(
        Class<T> type, String uri, VersionResolutionRules rules) {
      return fetchResourceWithException(type, uri);
    }

    @Override
    public <T extends Resource> T fetchResourceWithException(
        Class<T> type, String uri, VersionResolutionRules rules, String version, Resource source) {
      return fetchResourceWithException(type, uri, version, source);
    }

    @Override
    public <T extends Resource> T fetchResourceRaw(
        Class<T> type, String uri, VersionResolutionRules rules) {
      return fetchResourceRaw(type, uri);
    }

    @Override
    public <T extends Resource> T findTxResource(
        Class<T> type, String uri, VersionResolutionRules rules) {
      return findTxResource(type, uri);
    }

    @Override
    public <T extends Resource> T findTxResource(
        Class<T> type, String uri, VersionResolutionRules rules, String version, Resource source) {
      return findTxResource(type, uri, version, source);
    }

    @Override
    public CodeSystem fetchCodeSystem(String uri, VersionResolutionRules rules) {
      return fetchCodeSystem(uri);
    }

    @Override
    public CodeSystem fetchCodeSystem(
        String uri,
        VersionResolutionRules rules,
        String version,
        Resource source,
        boolean withSupplements) {
      return fetchCodeSystem(uri);
    }

    @Override
    public CodeSystem fetchCodeSystem(
        String uri, VersionResolutionRules rules, String version, Resource source) {
      return fetchCodeSystem(uri);
    }

    @Override
    public CodeSystem fetchSupplementedCodeSystem(String uri, VersionResolutionRules rules) {
      return fetchSupplementedCodeSystem(uri);
    }

    @Override
    public CodeSystem fetchSupplementedCodeSystem(
        String uri,
        VersionResolutionRules rules,
        String version,
        List<String> supplements,
        Resource source) {
      return fetchSupplementedCodeSystem(uri);
    }
  }
}
