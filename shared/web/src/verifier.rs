//! The signatures of ID tokens, checked by ring: what `jsonwebtoken` brings along for it is a second cryptography.

use jsonwebtoken::{
    Algorithm, DecodingKey, DecodingKeyKind,
    crypto::{CryptoProvider, JwtVerifier, KeyUtils},
    errors::{ErrorKind, Result},
};
use ring::signature::{ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey};
use signature::{Error, Verifier};

/// What is accepted: what Cognito signs with, and the local provider.
pub const ALGORITHMS: [Algorithm; 2] = [Algorithm::RS256, Algorithm::ES256];

static PROVIDER: CryptoProvider = CryptoProvider {
    signer_factory: |_, _| Err(ErrorKind::UnsupportedAlgorithm.into()),
    verifier_factory: |algorithm, key| verifier(*algorithm, key),
    key_utils: KeyUtils::new_unimplemented(),
};

/// Lets `jsonwebtoken` use ring from here on; a second time changes nothing.
pub fn install() {
    let _installed_before = PROVIDER.install_default();
}

fn verifier(algorithm: Algorithm, key: &DecodingKey) -> Result<Box<dyn JwtVerifier>> {
    if ALGORITHMS.contains(&algorithm) {
        Ok(Box::new(RingVerifier { algorithm, key: key.clone() }))
    } else {
        Err(ErrorKind::UnsupportedAlgorithm.into())
    }
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> std::result::Result<(), Error> {
        let checked = match (self.algorithm, self.key.kind()) {
            (Algorithm::RS256, DecodingKeyKind::RsaModulusExponent { n, e }) => {
                RsaPublicKeyComponents { n, e }.verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
            }
            (Algorithm::ES256, DecodingKeyKind::SecretOrDer(point)) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature)
            }
            (_, DecodingKeyKind::RsaModulusExponent { .. } | DecodingKeyKind::SecretOrDer(_)) => return Err(Error::new()),
        };
        checked.map_err(|_| Error::new())
    }
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

    use super::*;

    /// Made with OpenSSL: `openssl dgst -sha256 -sign` over `header.claims`.
    const MODULUS: &str = "vR71UJLhrNANgSNGeuD8OAvxlxLT2JjrTNSvQXvlswzmC9GDpXBqLwAXJKOwndMhNh2uBtK27s-jiRQysdtEE5oWwY_NdHvqOChMb9kpXBf11TjsWtvXtX9DkymuZRS_Dru8tJ2k9SzyKUS7BTuOeoRBw_Lbuzc8442w6wBGPRkWmXCOetIZMau5qWyv667IE0iQvDP-MuDX0YOlai3DQP9hzU883L7M1dc0zmVaMSzcZLKTVLUqnk5vDegEOx8UBk70yuzrK9elGPhS9kxDr1JTiY9scS1ADJbtIFnOAYX9nPc5c9UcwoH2dlx5BeUoECMD8GGaXH1W9JEU4OcokQ";
    const SIGNATURE: &str = "LRbzDfmdWlI1j0W6mKN_bMFVacjGRT5jCgvYrnSYyjm9quW8HbfDClxduZBdq690k-fT787LjAar3U2Vvql51WtaPUM-r1yvuoOx23IEO5S9ekrElhmGZ-jdfFG2d7Uy_PHqVkOiB_FUVmLg7R1liO74q4BQx02osSeSR9Yn1O3Z1i7TfgxsKu2rhhEymsmyb93PtrOPRi5jwJJ-06WzSLWlte6G9JkZRpQLK8gdSsv5zuxo39Drs-p9yu7IFfBbvTywQkxPRNgfiHNLryVUcsQHyz7NxWUKjHfAfTF-bMk58SSCKyESQ3II5Tw_fXXPm5_qEZwIMFvGa2Zoj6Ur0w";

    #[test]
    fn a_signature_of_cognitos_kind_is_checked() {
        let key = DecodingKey::from_rsa_components(MODULUS, "AQAB").unwrap();
        let signature = BASE64_URL_SAFE_NO_PAD.decode(SIGNATURE).unwrap();
        let rsa = verifier(Algorithm::RS256, &key).unwrap();
        assert!(rsa.verify(b"header.claims", &signature).is_ok());
        assert!(rsa.verify(b"header.claim5", &signature).is_err());
        assert!(verifier(Algorithm::ES256, &key).unwrap().verify(b"header.claims", &signature).is_err());
        assert!(verifier(Algorithm::HS256, &key).is_err() && verifier(Algorithm::RS512, &key).is_err());
    }
}
