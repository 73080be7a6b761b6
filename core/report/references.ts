/** Works that a methods section cites, by key; texts as they stand in a list of references. */
const REFERENCES = {
  rohydr:
    'Jin, Y., Liu, X., Yang, Y., Yu, Z., Zhang, T., & Yang, K. (2025). RoHyDR: Robust hybrid diffusion recovery for incomplete multimodal emotion recognition. arXiv:2505.17501.',
  edm: 'Karras, T., Aittala, M., Aila, T., & Laine, S. (2022). Elucidating the design space of diffusion-based generative models. Advances in Neural Information Processing Systems, 35. arXiv:2206.00364.',
  dpmpp:
    'Lu, C., Zhou, Y., Bao, F., Chen, J., Li, C., & Zhu, J. (2022). DPM-Solver++: Fast solver for guided sampling of diffusion probabilistic models. arXiv:2211.01095.',
  temperature:
    'Guo, C., Pleiss, G., Sun, Y., & Weinberger, K. Q. (2017). On calibration of modern neural networks. Proceedings of the 34th International Conference on Machine Learning. arXiv:1706.04599.',
  conformal:
    'Lei, J., G’Sell, M., Rinaldo, A., Tibshirani, R. J., & Wasserman, L. (2018). Distribution-free predictive inference for regression. Journal of the American Statistical Association, 113(523), 1094–1111. doi:10.1080/01621459.2017.1307116.',
  egemaps:
    'Eyben, F., Scherer, K. R., Schuller, B. W., Sundberg, J., André, E., Busso, C., Devillers, L. Y., Epps, J., Laukka, P., Narayanan, S. S., & Truong, K. P. (2016). The Geneva Minimalistic Acoustic Parameter Set (GeMAPS) for voice research and affective computing. IEEE Transactions on Affective Computing, 7(2), 190–202. doi:10.1109/TAFFC.2015.2457417.',
  silero: 'Silero Team (2024). Silero VAD: Pre-trained enterprise-grade voice activity detector (version 5).',
  blazeface:
    'Bazarevsky, V., Kartynnik, Y., Vakunov, A., Raveendran, K., & Grundmann, M. (2019). BlazeFace: Sub-millisecond neural face detection on mobile GPUs. arXiv:1907.05047.',
  faceMesh:
    'Kartynnik, Y., Ablavatski, A., Grishchenko, I., & Grundmann, M. (2019). Real-time facial surface geometry from monocular video on mobile GPUs. arXiv:1907.06724.',
  fer2013:
    'Goodfellow, I. J., Erhan, D., Carrier, P. L., et al. (2013). Challenges in representation learning: A report on three machine learning contests. arXiv:1307.0414.',
  minilm:
    'Wang, W., Wei, F., Dong, L., Bao, H., Yang, N., & Zhou, M. (2020). MiniLM: Deep self-attention distillation for task-agnostic compression of pre-trained transformers. Advances in Neural Information Processing Systems, 33. arXiv:2002.10957.',
  sbert:
    'Reimers, N., & Gurevych, I. (2019). Sentence-BERT: Sentence embeddings using Siamese BERT-networks. Proceedings of EMNLP-IJCNLP 2019. arXiv:1908.10084.',
  goemotions:
    'Demszky, D., Movshovitz-Attias, D., Ko, J., Cowen, A., Nemade, G., & Ravi, S. (2020). GoEmotions: A dataset of fine-grained emotions. Proceedings of the 58th Annual Meeting of the Association for Computational Linguistics. arXiv:2005.00547.',
  meld: 'Poria, S., Hazarika, D., Majumder, N., Naik, G., Cambria, E., & Mihalcea, R. (2019). MELD: A multimodal multi-party dataset for emotion recognition in conversations. Proceedings of the 57th Annual Meeting of the Association for Computational Linguistics. arXiv:1810.02508.',
  mosi: 'Zadeh, A., Zellers, R., Pincus, E., & Morency, L.-P. (2016). MOSI: Multimodal corpus of sentiment intensity and subjectivity analysis in online opinion videos. arXiv:1606.06259.',
  mosei:
    'Zadeh, A., Liang, P. P., Poria, S., Cambria, E., & Morency, L.-P. (2018). Multimodal language analysis in the wild: CMU-MOSEI dataset and interpretable dynamic fusion graph. Proceedings of the 56th Annual Meeting of the Association for Computational Linguistics.',
  sst2: 'Socher, R., Perelygin, A., Wu, J. Y., Chuang, J., Manning, C. D., Ng, A. Y., & Potts, C. (2013). Recursive deep models for semantic compositionality over a sentiment treebank. Proceedings of EMNLP 2013.',
  ravdess:
    'Livingstone, S. R., & Russo, F. A. (2018). The Ryerson Audio-Visual Database of Emotional Speech and Song (RAVDESS). PLoS ONE, 13(5), e0196391. doi:10.1371/journal.pone.0196391.',
} as const;
type ReferenceKey = keyof typeof REFERENCES;

/** Numbers works in the order in which they are cited. */
export class Citations {
  private readonly keys: ReferenceKey[] = [];

  /** `[1, 2]`; the same work keeps its number. */
  cite(...keys: readonly ReferenceKey[]): string {
    for (const key of keys) if (!this.keys.includes(key)) this.keys.push(key);
    return `[${keys.map((key) => this.keys.indexOf(key) + 1).join(', ')}]`;
  }

  /** The list of references in the order of their numbers. */
  list(): string[] {
    return this.keys.map((key) => REFERENCES[key]);
  }
}

/** Authors that a short reference names; of more, the first. */
const NAMED_AUTHORS = 2;

/** A reference with its authors as in running text: `Jin et al. (2025). RoHyDR: … arXiv:2505.17501.` Titles and identifiers stay. */
export function shortReference(reference: string): string {
  const [, authors = '', rest = ''] = /^(.*?) (\(\d{4}\)\..*)$/s.exec(reference) ?? [];
  const surnames = [...authors.matchAll(/(?:^|, (?:& )?)([^,&]+?), \p{Lu}\./gu)].map(([, name = '']) => name);
  if (surnames.length === 0) return reference;
  const named =
    surnames.length > NAMED_AUTHORS || authors.includes('et al.') ? `${surnames[0]} et al.` : surnames.join(' & ');
  return `${named} ${rest}`;
}
