//! The words that point to danger (row B4).

use domain::{danger::DangerWords, personal::MessageText};

use crate::{Ops, OpsError};

/// The list with `word`; `None` where it stands there already.
///
/// # Errors
/// [`OpsError::NeverFound`] for a word that would be in no message.
pub fn with(list: &DangerWords, word: &str) -> Result<Option<DangerWords>, OpsError> {
    let word = word.trim().to_owned();
    if list.words().contains(&word) {
        return Ok(None);
    }
    if !DangerWords::from(vec![word.clone()]).find(&MessageText::new(word.as_str())) {
        return Err(OpsError::NeverFound(word));
    }
    Ok(Some(DangerWords::from([list.words(), &[word]].concat())))
}

/// The list without `word`; `None` where it does not stand there.
pub fn without(list: &DangerWords, word: &str) -> Option<DangerWords> {
    let rest: Vec<String> = list.words().iter().filter(|each| each.as_str() != word.trim()).cloned().collect();
    (rest.len() < list.words().len()).then(|| rest.into())
}

impl Ops {
    /// The list.
    pub async fn words(&self) -> Result<DangerWords, OpsError> {
        Ok(self.store.settings().await?.danger)
    }

    /// Adds words, all or none; answers how many are new.
    pub async fn add_words(&self, words: &[String]) -> Result<usize, OpsError> {
        self.change_words(|list| {
            words.iter().try_fold((list, 0), |(list, new), word| Ok(with(&list, word)?.map_or((list, new), |list| (list, new + 1))))
        })
        .await
    }

    /// Removes words; answers how many stood there.
    pub async fn remove_words(&self, words: &[String]) -> Result<usize, OpsError> {
        self.change_words(|list| {
            Ok(words.iter().fold((list, 0), |(list, gone), word| match without(&list, word) {
                Some(rest) => (rest, gone + 1),
                None => (list, gone),
            }))
        })
        .await
    }

    /// Goes back to the list that the system comes with; answers how many words it has.
    pub async fn reset_words(&self) -> Result<usize, OpsError> {
        self.change_words(|_| Ok((DangerWords::default_list().clone(), DangerWords::default_list().words().len()))).await
    }

    async fn change_words(&self, change: impl FnOnce(DangerWords) -> Result<(DangerWords, usize), OpsError>) -> Result<usize, OpsError> {
        let mut settings = self.store.settings().await?;
        let (changed, count) = change(settings.danger)?;
        settings.danger = changed;
        if count > 0 {
            self.store.put_settings(&settings).await?;
        }
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
    use super::*;

    fn list(words: &[&str]) -> DangerWords {
        words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>().into()
    }

    #[test]
    fn a_word_is_added_once_and_can_be_taken_away() {
        let longer = with(&list(&["死にたい"]), " つらい ").unwrap().unwrap();
        assert_eq!(longer, list(&["死にたい", "つらい"]));
        assert_eq!(with(&longer, "つらい").unwrap(), None);
        assert_eq!(without(&longer, "死にたい"), Some(list(&["つらい"])));
        assert_eq!(without(&longer, "眠れない"), None);
    }

    #[test]
    fn a_word_that_would_never_be_found_is_refused() {
        for word in ["", "  ", "!?", "ー"] {
            assert!(matches!(with(&list(&[]), word), Err(OpsError::NeverFound(_))), "{word}");
        }
    }
}
