/** Replaces the library's certificate parsers in the bundle (wrangler.toml). */
function refuse(): never {
  throw new Error('certificates are not read');
}

export const SettingsService = { getRootCertificates: () => [], runtimeSupportsPQC: () => false };
export const MetadataService = { getStatement: refuse };
export {
  refuse as convertX509PublicKeyToCOSE,
  refuse as getCertificateInfo,
  refuse as isCertRevoked,
  refuse as validateCertificatePath,
  refuse as validateExtFIDOGenCEAAGUID,
  refuse as verifyAttestationAndroidKey,
  refuse as verifyAttestationAndroidSafetyNet,
  refuse as verifyAttestationApple,
  refuse as verifyAttestationFIDOU2F,
  refuse as verifyAttestationTPM,
  refuse as verifyAttestationWithMetadata,
  refuse as verifyMDSBlob,
};
