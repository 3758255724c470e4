"""What was laid out before homes had a manifest: complete, nothing is added here any more."""

from __future__ import annotations

VERSIONS: dict[str, frozenset[str]] = {
    "config/evolution.yaml": frozenset(
        {
            "f97a3094d3600fc3b393a7a79f69538bf84f6c59c0620271b4cf8f00fc9a6340",
        }
    ),
    "config/generator.yaml": frozenset(
        {
            "4f051d7c8a800a4b3b281345d2b48a61607aa3b09ed2d687b9aa67fb5cf8e42d",
        }
    ),
    "config/models/examples/README.md": frozenset(
        {
            "c645a13358b80166cd89dc4f7da901572743d20b6c07618ddeeeebcc90c3e748",
            "c9347f5df968cfffef437cdd2931e646362558dda7a40a093a05d9a37b66d892",
        }
    ),
    "config/models/examples/anthropic.yaml": frozenset(
        {
            "935e84875dd3e5303cd388485f61fb2f2addc462be04f97c177a1075d8548a05",
        }
    ),
    "config/models/examples/calibrator.yaml": frozenset(
        {
            "a754e55e71af6bcf6090aa10f5032e4c4815a896ac9c9c1f3d26b7eec95dc75a",
        }
    ),
    "config/models/examples/deepseek.yaml": frozenset(
        {
            "2a8122decaefe25d2100183e84d263a5354fd4c039ebb31c514b4801e62dd88e",
        }
    ),
    "config/models/examples/gemini.yaml": frozenset(
        {
            "5f946a1eacb33e6b3f69c4e374c9da826d317333ec65d1dd53b3022c6a784ed0",
        }
    ),
    "config/models/examples/local-server.yaml": frozenset(
        {
            "977ea79bb753d5c3026f3a6f818fedcf54e34580f9d8c3b6316119181ee061fc",
        }
    ),
    "config/models/examples/mistral.yaml": frozenset(
        {
            "27a7ca1ffeda16e5132372e9735f75b0df5709ff1d3a95723ef866bf0028939a",
        }
    ),
    "config/models/examples/ollama.yaml": frozenset(
        {
            "1b1a2edcc27d5633881163419ac77eb5bb759a7206517bea514f920e8cdc7d0b",
        }
    ),
    "config/models/examples/openai.yaml": frozenset(
        {
            "7a7b73f73e9c97eb99e6afd81bc23f003aa411e98044dce9b44a86d3a15b310b",
        }
    ),
    "config/models/simulator.yaml": frozenset(
        {
            "e0add25014e5714300aed0c63eb3580828e10bb37ae7636f0cb0e27a0735fbc4",
        }
    ),
    "config/queue.yaml": frozenset(
        {
            "a4779ed2bf07a6c89f79ddfb1240ab64aad3f5e6e1efbf8b91feb95c2ecddfb5",
            "f68852021daa2c8c5160a36dd2ca56059812bad0545d3ffe84d9d4c19578353e",
        }
    ),
    "config/scoring.yaml": frozenset(
        {
            "988e1125497b444d60417a108f961364a428a6b0736b6cf6d7a608cf50ec2c55",
        }
    ),
    "config/system.yaml": frozenset(
        {
            "2df2836da199642583e8dd414fb781b1ee01505cd88ba0cd2f6af4a3c62cf41c",
        }
    ),
    "wrappers/deepsweep.txt": frozenset(
        {
            "3a43689c773aeac3531e87992c511cc6dd1aa32a5f95f452bae4ac0119430498",
        }
    ),
    "wrappers/human.txt": frozenset(
        {
            "0082f33957a6a1ac99109c8b2d2709e750c1c27005397a2ab62235f85cd71782",
        }
    ),
    "wrappers/sigma.txt": frozenset(
        {
            "dc8a24432f71f7543be91034b6bd7fc21e6f78f2fd65b9fe1a548158ff6be1e8",
        }
    ),
    "wrappers/syntex_system.txt": frozenset(
        {
            "e1de71e18dafbd24267d45c7762c63c16b1426c73716ef0b7d525430579b1770",
        }
    ),
}
"""The SHA-256 of each version of a file, by its name in a home."""
